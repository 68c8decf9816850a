import type { Size } from "../../model/resources/machine/size";
import { SIZES } from "../../model/resources/machine/sizes";
import { isUnknown } from "../../model/schema/unknown";
import { formatMemory, parseMemory } from "../../model/resources/memory";
import type { Inspection } from "../docker/containers";
import type { Host } from "../docker/host";

/** Limits as Docker's API has them. */
export interface Limits {
    readonly NanoCpus: number;
    readonly Memory: number;
    /** Memory and swap together. */
    readonly MemorySwap: number;
}

const NANO = 1e9;

/** A machine has the memory that it was given and no swap beside it: else a raised limit would have to be raised in two steps. */
export async function limitsOf(host: Host, size: Size): Promise<Partial<Limits>> {
    const { cpus, memory } = await meaningOf(host, size);
    const bytes = memory === undefined ? undefined : parseMemory(memory);
    return {
        ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * NANO) }),
        ...(bytes === undefined ? {} : { Memory: bytes, MemorySwap: bytes }),
    };
}

type Meaning = Exclude<Size, string>;

/** Docker refuses more processors than the host has; a name means as many as there are, so that it means something on every host. */
async function meaningOf(host: Host, size: Size): Promise<Meaning> {
    if (typeof size !== "string") return size;
    const { cpus, memory } = SIZES[size];
    return { cpus: Math.min(cpus, (await host.capacity()).cpus), memory };
}

/** Why the host cannot give so much. More memory than it has is no problem to Docker. */
export async function sizeProblem(host: Host, size: Size): Promise<string | undefined> {
    if (typeof size === "string" || size.cpus === undefined || isUnknown(size.cpus)) return undefined;
    const { cpus } = await host.capacity();
    if (size.cpus <= cpus) return undefined;
    return `size.cpus: must be at most ${cpus}, the processors of Docker host ${host.address} (got ${size.cpus})`;
}

/** Docker changes limits but cannot take one away: without a limit, a machine may have all that the host has. */
export async function limitsToSet(host: Host, size: Size, container: Inspection): Promise<Partial<Limits>> {
    const wanted = await limitsOf(host, size);
    const { NanoCpus, Memory } = container.HostConfig;
    const lifted: { -readonly [K in keyof Limits]?: number } = {};
    if (wanted.NanoCpus === undefined && NanoCpus) lifted.NanoCpus = (await host.capacity()).cpus * NANO;
    if (wanted.Memory === undefined && Memory) {
        lifted.Memory = (await host.capacity()).memory;
        lifted.MemorySwap = lifted.Memory;
    }
    return { ...wanted, ...lifted };
}

/** The size that a container has, in the words of the one it should have. */
export async function sizeOf(host: Host, container: Inspection, size: Size): Promise<Size> {
    const wanted = await meaningOf(host, size);
    const { NanoCpus, Memory } = container.HostConfig;
    const found: Meaning = {};
    if (NanoCpus && (wanted.cpus !== undefined || NanoCpus < (await host.capacity()).cpus * NANO)) {
        found.cpus = Math.round((wanted.cpus ?? 0) * NANO) === NanoCpus ? wanted.cpus! : NanoCpus / NANO;
    }
    if (Memory && (wanted.memory !== undefined || Memory < (await host.capacity()).memory)) {
        found.memory =
            wanted.memory !== undefined && parseMemory(wanted.memory) === Memory ? wanted.memory : formatMemory(Memory);
    }
    return found.cpus === wanted.cpus && found.memory === wanted.memory ? size : found;
}
