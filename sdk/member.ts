import type * as pulumi from "@pulumi/pulumi";
import type { VirtualMachine } from "./virtualMachine";

/** A virtual machine of a `LoadBalancedSet` that is to have more or less than an equal part. */
export interface MemberArgs {
    /** The virtual machine. */
    virtualMachine: VirtualMachine;

    /**
     * Its share of the new connections relative to the other machines', 0 to 1000. With 0 it receives none, and keeps
     * those it has: it drains. Shares are exact to one in 2,880 connections, at least one for any weight but 0. A change takes
     * effect in place and moves little more than the difference.
     *
     * @default 1
     */
    weight?: pulumi.Input<number>;

    /**
     * Whether it receives new connections, as in Azure:
     * - `"auto"`: while its probe says that it is healthy
     * - `"up"`: while it runs, whatever its probe says
     * - `"down"`: never; established TCP connections stay, UDP flows move to another machine
     *
     * A change takes effect in place.
     *
     * @default "auto"
     */
    adminState?: pulumi.Input<"auto" | "up" | "down">;

    /**
     * Machines of a lower number, 1 to 1000, serve first: the others are backups, which receive connections only while
     * no machine of a lower number can. When one can again, new connections and UDP flows go back to it; established TCP
     * connections stay. A change takes effect in place.
     *
     * @default 1
     */
    priority?: pulumi.Input<number>;
}
