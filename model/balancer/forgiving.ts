import type { LoadBalancedSet } from "./configuration";
import { mostCondemned } from "./passive";
import { portRange } from "./ports";
import { takesNew, type Observe } from "./receivers";

/**
 * Whether the refusals of a set's members are kept from its clients. A client that hears nothing tries again after a second
 * (RFC 6298, 2.1), and passive detection has mostly taken the member out by then. So it must be able to take out each of
 * those who receive, or the client would wait for nothing: a refusal that stays is passed on at once.
 */
export function isForgiving(
    name: string,
    { protocol, privatePort, probe, passiveDetection, maxConnectionRatePerSource, members }: LoadBalancedSet,
    receiving: ReadonlySet<string>,
    observe: Observe,
): boolean {
    if (protocol !== "tcp" || !passiveDetection || probe.protocol === "none") return false;
    // A try more counts against the client.
    if (maxConnectionRatePerSource !== undefined) return false;
    const { first, count } = portRange(privatePort);
    // What passive detection asks must be what refused.
    if (count > 1 || (probe.port ?? first) !== first) return false;
    const follows = (member: string) => {
        const { status, refusesSome } = observe(name, member) ?? {};
        return members[member]!.adminState === "auto" && status === "healthy" && !refusesSome;
    };
    const able = Object.keys(members).filter((member) => takesNew(members[member]!));
    const lost = able.filter((member) => !follows(member)).length;
    return lost < mostCondemned(able.length) && [...receiving].every(follows);
}
