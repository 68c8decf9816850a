import type { z } from "zod";
import { keysOf, refuse } from "../../schema/kit";

interface Filled {
    readonly disks?: Readonly<Record<string, { readonly readOnly: boolean }>> | undefined;
    readonly devices?: object | undefined;
    readonly userData?: object | undefined;
}

/** Made anew as a machine starts, over what is there. */
const OF_THE_KERNEL = ["/dev", "/proc", "/sys"];

/**
 * Disks, devices and files must not be in each other's way. Docker would say so too late: when the machine is made, and
 * the one that it replaces may be gone.
 */
export function judgeLayout(context: z.core.ParsePayload<Filled>): void {
    const { disks, devices, userData } = context.value;
    const [mounts, files] = [keysOf(disks), keysOf(userData)];
    for (const path of keysOf(devices))
        if (mounts.includes(path)) refuse(context, ["devices", path], "must not be where a disk is");
    for (const path of files) {
        const problem = problemOf(path, disks, files);
        if (problem) refuse(context, ["userData", path], `must not ${problem}`);
    }
}

function problemOf(path: string, disks: Filled["disks"], files: readonly string[]): string | undefined {
    const mounts = keysOf(disks);
    const kernels = OF_THE_KERNEL.find((folder) => isWithin(folder, path));
    if (kernels !== undefined) return `be in ${kernels}, which is made anew when the machine starts`;
    const file = files.find((other) => isWithin(other, path));
    if (file !== undefined) return `be in ${file}, which is a file of userData itself`;
    const covering = mounts.find((mount) => mount === path || isWithin(path, mount));
    if (covering !== undefined) return `take the place of disk ${covering}`;
    const innermost = mounts.filter((mount) => isWithin(mount, path)).sort((a, b) => b.length - a.length)[0];
    if (innermost === undefined || disks?.[innermost]?.readOnly !== true) return undefined;
    return `be on disk ${innermost}, which the machine may only read`;
}

function isWithin(folder: string, path: string): boolean {
    return path.startsWith(`${folder}/`);
}
