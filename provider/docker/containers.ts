import type Docker from "dockerode";
import { isGone, statusOf, unlessGone } from "./errors";
import { within } from "../within";
import type { Host } from "./host";

export type Inspection = Docker.ContainerInspectInfo;

/** By id or name; undefined when there is none. */
export function inspectContainer({ docker }: Host, name: string): Promise<Inspection | undefined> {
    return unlessGone(docker.getContainer(name).inspect());
}

/** Of one in a list; undefined while Docker is removing it. */
export function listedName({ Names }: Pick<Docker.ContainerInfo, "Names">): string | undefined {
    return Names[0]?.replace(/^\//, "");
}

export function nameOf(container: Inspection): string {
    return container.Name.replace(/^\//, "");
}

/** Undefined while the container does not run, or is not in the network. */
export function addressIn(container: Inspection, network: string): string | undefined {
    return container.NetworkSettings.Networks[network]?.IPAddress || undefined;
}

/** The address that it was told to have, running or not. */
export function fixedAddressIn(container: Inspection, network: string): string | undefined {
    const wanted = container.NetworkSettings.Networks[network]?.IPAMConfig as
        { IPv4Address?: string } | null | undefined;
    return wanted?.IPv4Address || undefined;
}

export function isAttached(container: Inspection, network: string): boolean {
    return container.NetworkSettings.Networks[network] !== undefined;
}

/** Somebody may have given it another. */
export async function renameContainer({ docker }: Host, container: Inspection, name: string): Promise<void> {
    if (nameOf(container) !== name) await docker.getContainer(container.Id).rename({ name });
}

/** Asks it to end, and ends it after the grace time: its own, if none is given. */
export async function stopContainer({ docker }: Host, id: string, graceSeconds?: number): Promise<void> {
    try {
        await docker.getContainer(id).stop(graceSeconds === undefined ? {} : { t: graceSeconds });
    } catch (error) {
        if (statusOf(error) !== 304 && !isGone(error)) throw error;
    }
}

const REMOVAL_MS = 10_000;

/** Removes it with its anonymous volumes, at once. */
export async function removeContainer({ docker }: Host, id: string): Promise<void> {
    const container = docker.getContainer(id);
    try {
        await container.remove({ force: true, v: true });
    } catch (error) {
        if (isGone(error)) return;
        if (statusOf(error) !== 409) throw error;
        // Somebody else is removing it right now, and until then it is in the way of its networks' and volumes' removal.
        await within(REMOVAL_MS, container.wait({ condition: "removed" }));
    }
}

/** A container that cannot be made what it should be goes; why it cannot is told, whatever becomes of the removal. */
export async function orRemoved<T>(host: Host, id: string, act: () => Promise<T>): Promise<T> {
    try {
        return await act();
    } catch (error) {
        await removeContainer(host, id).catch(() => undefined);
        throw error;
    }
}

/** The last lines that the container wrote. */
export async function lastLines({ docker }: Host, id: string, count: number): Promise<string[]> {
    const container = docker.getContainer(id);
    const [info, raw] = await Promise.all([
        container.inspect(),
        container.logs({ stdout: true, stderr: true, tail: count, follow: false }),
    ]);
    const buffer = Buffer.isBuffer(raw) ? raw : Buffer.from(raw);
    const text = info.Config.Tty ? buffer.toString() : payloads(buffer);
    return text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== "")
        .slice(-count);
}

/** Text of Docker's stream of frames: 8 bytes of header (stream, length), then the payload. */
function payloads(frames: Buffer): string {
    const parts: Buffer[] = [];
    for (let at = 0; at + 8 <= frames.length;) {
        const end = at + 8 + frames.readUInt32BE(at + 4);
        parts.push(frames.subarray(at + 8, end));
        at = end;
    }
    return Buffer.concat(parts).toString();
}
