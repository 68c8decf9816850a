import { portsOf } from "../../model/balancer/ports";
import type { Destination, Frontend, Plan } from "../../model/balancer/plan";
import type { Served } from "./conntrack";
import { connectionMark, portsOfFrontend } from "./elements";

/**
 * Connections that the kernel would go on sending where the plan sends none any more:
 * - to a destination that left its frontend;
 * - udp that came before its frontend did: the gateway itself refused it, and would for as long as the client asks.
 */
export function staleAfter(from: Plan, to: Plan): Served[] {
    // Most frontends of a large plan are what they were.
    const before = byFrontend(from, changedFrom(from, to));
    const after = byFrontend(to, changedFrom(to, from));
    const departed = [...before].flatMap(([key, { frontend, destinations }]) => {
        const kept = after.get(key)?.destinations;
        return [...destinations]
            .filter(([name]) => !kept?.has(name))
            .map(([, destination]) => served(frontend, destination));
    });
    const arrived = [...after].filter(([key, { frontend }]) => frontend.protocol === "udp" && !before.has(key));
    const refusedSoFar = arrived.map(([, { frontend }]) => served(frontend, frontend));
    return [...departed, ...refusedSoFar];
}

/** Connections of members that have gone down since, and are to lose them. */
export function resetAfter(from: Plan | undefined, to: Plan): Served[] {
    return to.frontends.flatMap((frontend) => {
        const now = to.resetting.get(frontend.name);
        if (!now) return [];
        const before = new Set(from?.resetting.get(frontend.name)?.map(destinationKey));
        return now
            .filter((destination) => !before.has(destinationKey(destination)))
            .map((destination) => served(frontend, destination));
    });
}

/** Those of them whose member has not come back meanwhile. */
export function stillDown(plan: Plan, due: readonly Served[]): Served[] {
    const key = (one: Served) => `${portKey(one, one.ports.first)} ${destinationKey(one.destination)}`;
    const down = new Set(resetAfter(undefined, plan).map(key));
    return due.filter((one) => down.has(key(one)));
}

/** Those of the connections found in the kernel, or due to go, that the plan would not make like this. */
export function staleAmong(plan: Plan, found: readonly Served[]): Served[] {
    const frontends = new Map<string, Frontend>();
    for (const frontend of plan.frontends)
        for (const port of portsOf(portsOfFrontend(frontend))) frontends.set(portKey(frontend, port), frontend);
    const destinations = new Map<Frontend, ReadonlyMap<string, Destination>>();
    const leadsTo = (frontend: Frontend, destination: Destination) => {
        const known = destinations.get(frontend) ?? destinationsOf(plan, frontend);
        destinations.set(frontend, known);
        return known.has(destinationKey(destination));
    };

    const stale = new Map<string, Served>();
    for (const one of found) {
        const { ports, destination } = one;
        const owner = frontends.get(portKey(one, ports.first));
        // By another mark it would not be found when its machine goes.
        const isMarked = owner !== undefined && one.mark === connectionMark(owner);
        // Without a frontend the gateway itself is the right one to answer.
        const isRight = owner ? isMarked && leadsTo(owner, firstPort(owner, one)) : destination.address === one.address;
        if (isRight) continue;
        // All that one range sent to a machine goes in one deletion, and all that the gateway itself answered.
        const isWhole = isMarked || destination.address === one.address;
        const whole =
            owner && isWhole && ports.count === 1
                ? { ...one, ports: portsOfFrontend(owner), destination: firstPort(owner, one) }
                : one;
        stale.set(`${portKey(whole, whole.ports.first)} ${whole.mark} ${destinationKey(whole.destination)}`, whole);
    }
    return [...stale.values()];
}

/**
 * Whether the ports have another owner each, maybe: a range that is not in the plan as it was, and left its mark to another
 * one. Which connections are to go then shows one by one only.
 */
export function isDivided({ frontends }: Plan, { protocol, address, ports, mark }: Served): boolean {
    const heir = frontends.find(
        (one) => one.protocol === protocol && one.address === address && connectionMark(one) === mark,
    );
    return heir !== undefined && ports.count > 1 && heir.portCount !== ports.count;
}

interface FrontendDestinations {
    readonly frontend: Frontend;
    readonly destinations: ReadonlyMap<string, Destination>;
}

/** A frontend is its address, protocol and ports, whatever it is called. */
function byFrontend(plan: Plan, frontends: readonly Frontend[]): Map<string, FrontendDestinations> {
    return new Map(
        frontends.map((frontend) => [
            frontendKey(frontend),
            { frontend, destinations: destinationsOf(plan, frontend) },
        ]),
    );
}

/** Those that the other plan does not have just so. */
function changedFrom(plan: Plan, other: Plan): Frontend[] {
    const others = new Set(other.frontends);
    const isSame = ({ name }: Frontend) =>
        plan.tables.get(name) === other.tables.get(name) && plan.keeping.get(name) === other.keeping.get(name);
    return plan.frontends.filter((frontend) => !others.has(frontend) || !isSame(frontend));
}

function destinationsOf(plan: Plan, frontend: Frontend): Map<string, Destination> {
    const { name } = frontend;
    const all = new Set([...plan.tables.get(name)!, ...(plan.keeping.get(name) ?? [])]);
    all.delete(undefined);
    return new Map([...all].map((destination) => [destinationKey(destination!), destination!]));
}

function served(frontend: Frontend, { address, port }: Destination): Served {
    return {
        protocol: frontend.protocol,
        address: frontend.address,
        ports: portsOfFrontend(frontend),
        mark: address === frontend.address ? 0 : connectionMark(frontend),
        destination: { address, port },
    };
}

/** Where a connection through some port of the frontend would have gone through its first. */
function firstPort(frontend: Frontend, { ports, destination: { address, port } }: Served): Destination {
    return { address, port: port - (ports.first - frontend.port) };
}

function frontendKey({ protocol, address, port, portCount }: Frontend): string {
    return `${address} ${protocol} ${port} ${portCount}`;
}

function portKey({ protocol, address }: Pick<Served, "protocol" | "address">, port: number): string {
    return `${address} ${protocol} ${port}`;
}

function destinationKey({ address, port }: Destination): string {
    return `${address}:${port}`;
}
