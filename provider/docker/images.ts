import type Docker from "dockerode";
import { platformOf } from "../../model/resources/machine/image";
import type { PullLine } from "../registry/progress";
import { isGone, statusOf, unlessGone } from "./errors";
import type { Host } from "./host";

/** The image's id; undefined when the host does not have it. */
export async function findImage(host: Host, name: string): Promise<string | undefined> {
    return (await inspectImage(host, name))?.id;
}

/** What the image is built for (`linux/arm/v7`), and its id; undefined when the host does not have it. */
export async function inspectImage(
    { docker }: Host,
    name: string,
): Promise<{ id: string; platform: string } | undefined> {
    const image = await unlessGone(docker.getImage(name).inspect());
    if (!image) return undefined;
    const { Id: id, Os, Architecture, Variant } = image as typeof image & { Variant?: string };
    return { id, platform: platformOf(Os, Architecture, Variant) };
}

/** One line of Docker's report on a pull or build. */
interface Line extends PullLine {
    readonly stream?: string;
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
