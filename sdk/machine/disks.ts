import * as pulumi from "@pulumi/pulumi";
import { existingName, type ExistingVolume } from "../existing";
import { describe, isEventual, type Problem } from "../internal/problems";
import type { DiskArgs } from "./parts";

type Disk = pulumi.Input<string> | ExistingVolume | DiskArgs;

/** Disks with the names of their volumes. */
export function resolveDisks(disks: Record<string, Disk> | undefined): pulumi.Inputs | undefined {
    if (disks === undefined) return undefined;
    return Object.fromEntries(Object.entries(disks).map(([path, disk]) => [path, resolveDisk(disk)]));
}

function resolveDisk(disk: Disk): pulumi.Input<unknown> {
    if (!isArgs(disk)) return existingName(disk);
    return { ...disk, volume: existingName(disk.volume) };
}

function isArgs(disk: Disk): disk is DiskArgs {
    const isOther = pulumi.Resource.isInstance(disk) || isEventual(disk);
    return !isOther && typeof disk === "object" && disk !== null;
}

/** Other resources have names too, but are no volumes; the rest is for the schema to judge. */
export function problemsOfDisks(disks: Record<string, Disk> | undefined): Problem[] {
    if (pulumi.Output.isInstance(disks)) return ["disks: must be a map of disks (got an Output)"];
    return Object.entries(disks ?? {}).flatMap(([path, disk]) => {
        const volume = isArgs(disk) ? disk.volume : disk;
        if (!pulumi.Resource.isInstance(volume) || "mountpoint" in volume) return [];
        const allowed = "must be a volume's name, a docker.Volume, or { volume, readOnly }";
        return [`disks[${JSON.stringify(path)}]: ${allowed} (got ${describe(volume)})`];
    });
}
