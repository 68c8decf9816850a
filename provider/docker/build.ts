import { pack } from "tar-fs";
import type Docker from "dockerode";
import type { RegistryAuth } from "../../model/resources/registryAuth";
import { credentialsFor } from "../registry/credentials";
import { BuildProblem, findImage, follow } from "./images";
import { reasonOf } from "./errors";
import type { Host } from "./host";

/** Has what all images of the package are built from. */
const BASE_REGISTRY = "docker.io";

/** What the builder says between its steps. */
const CHATTER = /^(--->|Removing intermediate|Successfully )/;

/** What an image is built from. */
interface Buildable {
    readonly name: string;
    readonly folder: string;
    /** The folders within that go to the builder; all of them where it is not said. */
    readonly parts?: readonly string[];
    readonly dockerfile?: string;
}

const building = new Map<string, Promise<string>>();

/** Builds the image from a folder, unless the host has it; returns its id. One build at a time for a name. */
export function buildImage(
    host: Host,
    image: Buildable,
    labels: Readonly<Record<string, string>>,
    progress: (message: string) => void,
    registryAuth?: RegistryAuth,
): Promise<string> {
    const key = `${host.address} ${image.name}`;
    let build = building.get(key);
    if (!build) {
        build = findOrBuild(host, image, labels, progress, registryAuth).finally(() => building.delete(key));
        building.set(key, build);
    }
    return build;
}

async function findOrBuild(
    host: Host,
    { name, folder, parts, dockerfile }: Buildable,
    labels: Readonly<Record<string, string>>,
    progress: (message: string) => void,
    registryAuth: RegistryAuth | undefined,
): Promise<string> {
    const present = await findImage(host, name);
    if (present !== undefined) return present;
    progress(`building ${name} on ${host.address}`);
    // The context's owner and times are this machine's; they must not make the image another one.
    const archive = pack(folder, {
        ...(parts && { entries: [...parts] }),
        map: (header) => Object.assign(header, { uid: 0, gid: 0, uname: "root", gname: "root", mtime: new Date(0) }),
    }) as unknown as NodeJS.ReadableStream;
    const { login } = await credentialsFor(BASE_REGISTRY, registryAuth);
    const lines: string[] = [];
    try {
        // forcerm: else the container of a failed step stays behind.
        const stream = await host.docker.buildImage(archive, {
            t: name,
            ...(dockerfile && { dockerfile }),
            labels: { ...labels },
            ...(login && { registryconfig: { [login.serveraddress]: login } as Docker.RegistryConfig }),
            rm: true,
            forcerm: true,
        });
        await follow(host.docker.modem, stream, (line) => {
            const text = (line.stream ?? line.status ?? "").trim();
            if (text === "") return;
            lines.push(text);
            if (!CHATTER.test(text)) progress(text);
        });
    } catch (error) {
        const context = error instanceof BuildProblem ? `; its last lines:\n${lines.slice(-15).join("\n")}` : "";
        throw new Error(`building ${name} on ${host.address} failed: ${reasonOf(error)}${context}`);
    }
    const built = await findImage(host, name);
    if (built === undefined) throw new Error(`building ${name} on ${host.address} ended without an image`);
    return built;
}
