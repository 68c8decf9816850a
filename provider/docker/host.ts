import Docker from "dockerode";
import type { DockerHost } from "../../model/resources/docker";
import { within } from "../within";
import { boundAnswers, LONGEST_ANSWER_MS } from "./answers";
import type { Engine } from "./engine";
import { reasonOf } from "./errors";
import { connectionOptions } from "./options";
import { targetOf, type Target } from "./target";
import { Unreachable, whyUnreachable } from "./unreachable";

/** A Docker host that answers. */
export interface Host {
    readonly docker: Docker;
    /** As a user would write it. */
    readonly address: string;
    /** Processors and bytes of memory of the machine. */
    capacity(): Promise<Capacity>;
    /** The logging driver that containers get. */
    loggingDriver(): Promise<string>;
    /** What tells it from other hosts, by whichever way it is reached. */
    engine(): Promise<Engine>;
}

interface Capacity {
    readonly cpus: number;
    readonly memory: number;
}

interface Info {
    readonly ID: string;
    readonly Name: string;
    readonly NCPU: number;
    readonly MemTotal: number;
    readonly LoggingDriver: string;
}

interface Attempt {
    readonly address: string;
    readonly begun: number;
    readonly host: Promise<Host>;
    /** Whether a preview has been told that it does without. */
    missed?: boolean;
}

const attempts = new Map<string, Attempt>();
const LONGEST_SILENCE_MS = 15_000;
/** A preview does without sooner. */
const PREVIEW_SILENCE_MS = 5_000;
/** Not every resource waits anew for a host that does not answer; one that comes up meanwhile is found. */
const FAILURE_KEPT_MS = 30_000;
let hasNoHost = false;

/** From now on no host answers, whatever is named: a user's unit tests must not depend on the machine. */
export function useNoHost(): void {
    hasNoHost = true;
}

/** One connection a host and process; nothing given means what the docker command would take. `named`: what names a host, in errors. */
export async function connect(docker?: DockerHost, named = "docker.host"): Promise<Host> {
    return attempt(docker, named).host;
}

/** The host if it answers soon; a preview says what it can without, and the first that gives a `missing` says so. */
export async function reach(
    docker: DockerHost | undefined,
    missing?: (message: string) => void,
): Promise<Host | undefined> {
    if (hasNoHost) return undefined;
    const tried = attempt(docker, "docker.host");
    const { host, reason } = await answerOf(tried);
    if (!host && missing && !tried.missed) {
        tried.missed = true;
        missing(`${reason}; what only Docker can tell is not checked`);
    }
    return host;
}

/** Why a preview must do without the host. */
export async function whyMissing(docker: DockerHost | undefined): Promise<string | undefined> {
    if (hasNoHost) return undefined;
    const { host, reason } = await answerOf(attempt(docker, "docker.host"));
    return host ? undefined : reason;
}

async function answerOf({ address, begun, host }: Attempt): Promise<{ host?: Host | undefined; reason: string }> {
    const patience = Math.max(0, begun + PREVIEW_SILENCE_MS - Date.now());
    let reason = `Docker at ${address} does not answer`;
    const failed = (error: Error) => void (reason = error.message);
    return { host: (await within(patience, host.catch(failed))) ?? undefined, reason };
}

function attempt(docker: DockerHost | undefined, named: string): Attempt {
    if (hasNoHost) throw new Error("unit tests have no Docker");
    let target: Target;
    try {
        target = targetOf(docker);
    } catch (error) {
        // A context or folder that is not on this machine.
        const key = JSON.stringify(docker ?? {});
        return attempts.get(key) ?? keep(key, "", Promise.reject(new Error(reasonOf(error))));
    }
    const key = JSON.stringify(target);
    const lost = (hangs: Unreachable) => void keep(key, target.address, Promise.reject(hangs));
    return attempts.get(key) ?? keep(key, target.address, open(target, named, lost));
}

function keep(key: string, address: string, host: Promise<Host>): Attempt {
    const kept = { address, begun: Date.now(), host };
    attempts.set(key, kept);
    host.catch(() => setTimeout(() => attempts.get(key) === kept && attempts.delete(key), FAILURE_KEPT_MS).unref());
    return kept;
}

/** `lost`: is told when it answers no more, though it did at first. */
async function open(target: Target, named: string, lost: (hangs: Unreachable) => void): Promise<Host> {
    const { address } = target;
    let docker: Docker;
    let asking: Docker;
    try {
        [docker, asking] = [new Docker(connectionOptions(target)), new Docker(connectionOptions(target))];
        const options = { abortSignal: AbortSignal.timeout(LONGEST_SILENCE_MS) };
        const answer = await (asking.ping as (options: object) => Promise<unknown>).call(asking, options);
        if (String(answer) !== "OK") throw Object.assign(new Error("no ping"), { code: "HPE_" });
    } catch (error) {
        const reason = whyUnreachable(error, target, LONGEST_SILENCE_MS);
        throw new Unreachable(address, `${reason} (${named} or DOCKER_HOST names the host)`);
    }
    let hangs: Unreachable | undefined;
    boundAnswers(docker.modem, asking.modem, (question) => {
        if (!hangs) {
            const silence = `no answer to ${question} within ${LONGEST_ANSWER_MS / 1000} s, though it takes connections`;
            hangs = new Unreachable(address, `${silence}; it hangs, or has too much to do`);
            lost(hangs);
        }
        return hangs;
    });
    let asked: Promise<Info> | undefined;
    const info = () =>
        (asked ??= (docker.info() as Promise<Info>).catch((error: unknown) => {
            // The next may have better luck.
            asked = undefined;
            throw error;
        }));
    return {
        docker,
        address,
        capacity: () => info().then(({ NCPU, MemTotal }) => ({ cpus: NCPU, memory: MemTotal })),
        loggingDriver: () => info().then(({ LoggingDriver }) => LoggingDriver),
        engine: () => info().then(({ ID: id, Name: name }) => ({ id, name })),
    };
}
