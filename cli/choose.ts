import { FOUND_BY, nounOf, type FoundRuntime } from "../provider/control/found";
import { Failure } from "./failure";

export interface Choice {
    /** Only runtimes of this kind; all where it is not said. */
    readonly kind?: FoundRuntime["kind"];
    /** `project/stack`, or a stack alone. */
    readonly stack?: string | undefined;
    /** Of containers, of resources, or of a traffic manager's servers; all where there are none. */
    readonly names?: readonly string[];
}

/** The runtimes that are meant: at least one, and one for each name. */
export function choose(found: readonly FoundRuntime[], hosts: readonly string[], choice: Choice): FoundRuntime[] {
    const { kind, stack, names = [] } = choice;
    const noun = kind === undefined ? "gateway or DNS server" : nounOf(kind);
    const ofKind = found.filter((runtime) => kind === undefined || runtime.kind === kind);
    if (ofKind.length === 0) {
        throw new Failure(
            `no ${noun} of Switchyard on ${hosts.join(" or ")} (no container with ${FOUND_BY}); ` +
                `--host or DOCKER_HOST names another Docker host`,
        );
    }
    const ofStack = ofKind.filter((runtime) => stack === undefined || isOfStack(runtime, stack));
    if (ofStack.length === 0) throw new Failure(`no ${noun} of stack ${stack}; there ${isOrAre(ofKind)}`);
    if (names.length === 0) return ofStack;
    return [...new Set(names.flatMap((name) => called(ofStack, name, noun)))];
}

/** `shop-dev-contoso-ns1 (DNS server contoso-ns1 of stack shop/dev)` */
function describeRuntime({ container, kind, resource, stack }: FoundRuntime): string {
    return `${container} (${nounOf(kind)} ${resource} of stack ${stack})`;
}

export function listOf(runtimes: readonly FoundRuntime[]): string {
    return runtimes.map(describeRuntime).join(", ");
}

function isOrAre(runtimes: readonly FoundRuntime[]): string {
    return `${runtimes.length === 1 ? "is" : "are"} ${listOf(runtimes)}`;
}

export function isOfStack(runtime: Pick<FoundRuntime, "stack">, stack: string): boolean {
    // Pulumi itself writes organization/project/stack.
    const [project, name] = runtime.stack.split("/");
    const given = stack.split("/").reverse();
    return given[0] === name && (given.length === 1 || given[1] === project);
}

function called(runtimes: readonly FoundRuntime[], name: string, noun: string): FoundRuntime[] {
    const matching = [
        runtimes.filter(({ container }) => container === name),
        runtimes.filter(({ resource }) => resource === name),
        onlyServer(runtimes, name),
    ].find((some) => some.length > 0);
    if (!matching) throw new Failure(`no ${noun} is called ${name}; there ${isOrAre(runtimes)}`);
    return matching;
}

/** The server that a traffic manager calls `ns1`; its resource is the manager's name, a hyphen and that. */
function onlyServer(runtimes: readonly FoundRuntime[], name: string): FoundRuntime[] {
    const servers = runtimes.filter(({ kind, resource }) => kind === "dns" && resource.endsWith(`-${name}`));
    if (servers.length > 1)
        throw new Failure(`${name} means several servers: ${listOf(servers)}; give a longer name, or --stack`);
    return servers;
}
