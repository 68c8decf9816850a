import { findRuntimes, missingRuntimes, type FoundRuntime } from "../provider/control/found";
import { connect } from "../provider/docker/host";
import { choose, isOfStack, type Choice } from "./choose";
import { Failure } from "./failure";

/** Where to look, and for which. */
export interface Where extends Choice {
    /** Docker hosts; where there are neither, that of the docker command. */
    readonly host?: readonly string[];
    /** Docker contexts, besides. */
    readonly context?: readonly string[];
}

export interface Found {
    readonly runtimes: readonly FoundRuntime[];
    /** Docker hosts that do not answer, while others do. */
    readonly unreachable: readonly string[];
    /** Runtimes that should be there, where all are meant. */
    readonly missing: readonly string[];
}

/** The runtimes on the hosts that are meant. A host that is down must not keep the others from being asked. */
export async function find({ host: hosts = [], context: contexts = [], ...choice }: Where): Promise<Found> {
    const wanted = [
        ...[...new Set(hosts)].map((host) => ({ host })),
        ...[...new Set(contexts)].map((context) => ({ context })),
    ];
    const tried = await Promise.allSettled(
        wanted.length > 0 ? wanted.map((one) => connect(one, "--host")) : [connect(undefined, "--host")],
    );
    const up = tried.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const unreachable = tried.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).message] : []));
    if (up.length === 0) throw new Failure(unreachable.join("\n"));
    const found = (await Promise.all(up.map(findRuntimes))).flat().sort(byStackAndName);
    const addresses = up.map(({ address }) => address);
    const missing = choice.names?.length ? [] : (await Promise.all(up.map(missingRuntimes))).flat();
    return {
        runtimes: choose(found, addresses, choice),
        unreachable,
        missing: missing
            .filter((one) => choice.stack === undefined || isOfStack(one, choice.stack))
            .map(({ problem }) => problem),
    };
}

function byStackAndName(a: FoundRuntime, b: FoundRuntime): number {
    return a.stack.localeCompare(b.stack) || a.kind.localeCompare(b.kind) || a.container.localeCompare(b.container);
}
