import type * as pulumi from "@pulumi/pulumi";
import { SIZES, type SizeName } from "../../model/resources/machine/sizes";

/** The name of one of the {@link sizes}. */
export type VirtualMachineSizeName = "ExtraSmall" | "Small" | "Medium" | "Large" | "ExtraLarge";

/**
 * What the named sizes of virtual machines stand for: those that Azure had for its first virtual machines, in 2012.
 *
 * | size | processors | memory |
 * |---|---|---|
 * | `ExtraSmall` | a half (Azure: a shared core of 1 GHz) | 768 MiB |
 * | `Small` | 1 | 1.75 GiB |
 * | `Medium` | 2 | 3.5 GiB |
 * | `Large` | 4 | 7 GiB |
 * | `ExtraLarge` | 8 | 14 GiB |
 *
 * @example
 * ```ts
 * const size = { ...switchyard.sizes.Small, memory: "4GiB" };
 * ```
 */
export const sizes: { readonly [Name in VirtualMachineSizeName]: { readonly cpus: number; readonly memory: string } } =
    SIZES satisfies Record<SizeName, object>;

/** How much of a Docker host a virtual machine may use. */
export interface VirtualMachineSizeArgs {
    /**
     * Processors, 0.01 up to those of the Docker host: `0.5` is half a processor's time.
     *
     * @default no limit
     */
    cpus?: pulumi.Input<number>;

    /**
     * Memory, at least 6 MiB: with its unit (`"512MiB"`, `"2GiB"`), or in bytes. A machine that needs more is ended by
     * the kernel.
     *
     * @default no limit
     */
    memory?: pulumi.Input<string | number>;
}
