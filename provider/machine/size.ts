import type { Size } from "../../model/resources/virtualMachine";
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
export function limitsOf({ cpus, memory }: Size): Partial<Limits> {
    const bytes = memory === undefined ? undefined : parseMemory(memory);
    return {
        ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * NANO) }),
        ...(bytes === undefined ? {} : { Memory: bytes, MemorySwap: bytes }),
    };
}

/** Docker changes limits but cannot take one away: without a limit, a machine may have all that the host has. */
export async function limitsToSet(host: Host, size: Size, container: Inspection): Promise<Partial<Limits>> {
    const wanted = limitsOf(size);
    const { NanoCpus, Memory } = container.HostConfig;
    const lifted: { -readonly [K in keyof Limits]?: number } = {};
    if (size.cpus === undefined && NanoCpus) lifted.NanoCpus = (await host.capacity()).cpus * NANO;
    if (size.memory === undefined && Memory) {
        lifted.Memory = (await host.capacity()).memory;
        lifted.MemorySwap = lifted.Memory;
    }
    return { ...wanted, ...lifted };
}

/** The size that a container has, in the words of the one it should have. */
export async function sizeOf(host: Host, container: Inspection, wanted: Size): Promise<Size> {
    const { NanoCpus, Memory } = container.HostConfig;
    const size: Size = {};
    if (NanoCpus && (wanted.cpus !== undefined || NanoCpus < (await host.capacity()).cpus * NANO)) {
        size.cpus = Math.round((wanted.cpus ?? 0) * NANO) === NanoCpus ? wanted.cpus! : NanoCpus / NANO;
    }
    if (Memory && (wanted.memory !== undefined || Memory < (await host.capacity()).memory)) {
        size.memory =
            wanted.memory !== undefined && parseMemory(wanted.memory) === Memory ? wanted.memory : formatMemory(Memory);
    }
    return size;
}
