import Docker from "dockerode";
import { addressOf, connectionOptions } from "./address";
import { isNoAnswer, reasonOf } from "./errors";

/** A Docker host that answers. */
export interface Host {
    readonly docker: Docker;
    /** As a user would write it. */
    readonly address: string;
    /** Processors and bytes of memory of the machine. */
    capacity(): Promise<Capacity>;
    /** The logging driver that containers get. */
    loggingDriver(): Promise<string>;
}

interface Capacity {
    readonly cpus: number;
    readonly memory: number;
}

const hosts = new Map<string, Promise<Host>>();
const LONGEST_SILENCE_MS = 15_000;

/** One connection a host and process; `host` unset means DOCKER_HOST or the local socket. `named`: what names it, in errors. */
export function connect(host: string | undefined, named = "docker.host"): Promise<Host> {
    const address = addressOf(host);
    let connecting = hosts.get(address);
    if (!connecting) {
        connecting = open(address, named);
        hosts.set(address, connecting);
        // A host that does not answer now may do so for the next resource.
        connecting.catch(() => hosts.delete(address));
    }
    return connecting;
}

async function open(address: string, named: string): Promise<Host> {
    const docker = new Docker(connectionOptions(address));
    try {
        const options = { abortSignal: AbortSignal.timeout(LONGEST_SILENCE_MS) };
        await (docker.ping as (options: object) => Promise<unknown>).call(docker, options);
    } catch (error) {
        const reason = isNoAnswer(error) ? `no answer within ${LONGEST_SILENCE_MS / 1000} s` : reasonOf(error);
        throw new Error(
            `cannot reach Docker at ${address}: ${reason}; start it there, or name the right host in ${named} or DOCKER_HOST`,
        );
    }
    let asked: Promise<{ NCPU: number; MemTotal: number; LoggingDriver: string }> | undefined;
    const info = () => (asked ??= docker.info() as NonNullable<typeof asked>);
    return {
        docker,
        address,
        capacity: () => info().then(({ NCPU, MemTotal }) => ({ cpus: NCPU, memory: MemTotal })),
        loggingDriver: () => info().then(({ LoggingDriver }) => LoggingDriver),
    };
}
