import type Docker from "dockerode";
import { isGone, reasonOf, statusOf, unlessGone } from "./errors";
import type { Host } from "./host";

/** The image's id; undefined when the host does not have it. */
export async function findImage({ docker }: Host, name: string): Promise<string | undefined> {
    return (await unlessGone(docker.getImage(name).inspect()))?.Id;
}

/** Sees to it that the host has the image: what is there is used, what is absent is pulled. */
export async function ensureImage(host: Host, name: string, progress: (message: string) => void): Promise<void> {
    if (await findImage(host, name)) return;
    const problem = /^(sha256:)?[0-9a-f]{64}$/.test(name)
        ? "an image id cannot be pulled"
        : await pull(host, withTag(name), progress);
    if (problem !== undefined) {
        throw new Error(
            `image ${name} is not on ${host.address} and could not be pulled: ${problem}; check its name, or build or load it there first`,
        );
    }
}

const SHOWN_EVERY_MS = 250;

/** Docker pulls every tag where none is named. */
function withTag(name: string): string {
    return name.includes("@") || /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

async function pull({ docker }: Host, name: string, progress: (message: string) => void): Promise<string | undefined> {
    try {
        progress(`pulling ${name}`);
        const stream = await docker.pull(name);
        let shown = 0;
        await follow(docker.modem, stream, ({ status, id, progress: bar }) => {
            // Docker says how each layer comes along, far more often than anybody reads.
            if (!status || Date.now() - shown < SHOWN_EVERY_MS) return;
            shown = Date.now();
            progress(`pulling ${name}: ${[id, status, bar].filter(Boolean).join(" ")}`);
        });
        return undefined;
    } catch (error) {
        if (statusOf(error) === undefined && !(error instanceof BuildProblem)) throw error;
        return reasonOf(error);
    }
}

/** One line of Docker's report on a pull or build. */
interface Line {
    readonly stream?: string;
    readonly status?: string;
    readonly id?: string;
    readonly progress?: string;
    readonly error?: string;
}

export class BuildProblem extends Error {}

/** Follows a pull or build to its end; throws what went wrong. */
export function follow(
    modem: Docker["modem"],
    stream: NodeJS.ReadableStream,
    onLine: (line: Line) => void,
): Promise<void> {
    return new Promise((resolve, reject) => {
        let problem: string | undefined;
        modem.followProgress(
            stream,
            (error: Error | null) => {
                if (error) reject(error);
                else if (problem !== undefined) reject(new BuildProblem(problem));
                else resolve();
            },
            (line: Line) => {
                problem ??= line.error;
                onLine(line);
            },
        );
    });
}

/** Removes the image unless a container uses it, or somebody else wants it. */
export async function removeUnusedImage(host: Host, name: string): Promise<void> {
    const id = await findImage(host, name);
    if (id === undefined) return;
    const users = await host.docker.listContainers({ all: true, filters: { ancestor: [id] } });
    if (users.length > 0) return;
    try {
        await host.docker.getImage(name).remove();
    } catch (error) {
        if (!isGone(error) && statusOf(error) !== 409) throw error;
    }
}
