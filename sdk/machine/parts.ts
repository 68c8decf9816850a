import type * as pulumi from "@pulumi/pulumi";
import type { ExistingVolume } from "../existing";

/** A disk of a virtual machine. */
export interface DiskArgs {
    /**
     * The volume: its name, or a `docker.Volume` of `@pulumi/docker`. A change replaces the machine.
     */
    volume: pulumi.Input<string> | ExistingVolume;

    /**
     * Whether the machine may only read it. A change replaces the machine.
     *
     * @default false
     */
    readOnly?: pulumi.Input<boolean>;
}

/** A file that a new virtual machine finds. */
export interface UserFileArgs {
    /** All of its text. A change replaces the machine. */
    content: pulumi.Input<string>;

    /**
     * Who may read, write and run it, in octal as for `chmod`: it belongs to root. A change replaces the machine.
     *
     * @default "0644"
     * @example "0600"
     */
    mode?: pulumi.Input<string>;
}

/** A device of the Docker host that a virtual machine may use. */
export interface DeviceArgs {
    /**
     * Its path on the Docker host. A change replaces the machine.
     *
     * @example "/dev/ttyUSB0"
     */
    device: pulumi.Input<string>;

    /**
     * What the machine may do with it: `r` read, `w` write, `m` make nodes of it. A change replaces the machine.
     *
     * @default "rwm"
     */
    permissions?: pulumi.Input<string>;
}

/** A command that Docker runs in a virtual machine to tell whether it is well. The defaults are Docker's. */
export interface HealthCheckArgs {
    /**
     * A program of the machine and its arguments; it ends with 0 when all is well.
     *
     * @example ["curl", "--fail", "http://localhost:8080/healthz"]
     */
    command: pulumi.Input<pulumi.Input<string>[]>;

    /**
     * Seconds from the end of one check to the start of the next, 0.1 to 3600.
     *
     * @default 30
     */
    intervalSeconds?: pulumi.Input<number>;

    /**
     * Seconds that one check may take, 0.1 to 3600.
     *
     * @default 30
     */
    timeoutSeconds?: pulumi.Input<number>;

    /**
     * Failed checks in a row, 1 to 100, that make the machine unhealthy.
     *
     * @default 3
     */
    retries?: pulumi.Input<number>;

    /**
     * Seconds after its start, 0 to 3600, in which failed checks do not count.
     *
     * @default 0
     */
    startSeconds?: pulumi.Input<number>;
}

/** How much Docker keeps of what a virtual machine writes. */
export interface LogArgs {
    /**
     * Size at which a file is closed and the next one begun, at least 64 KiB: with its unit (`"10MiB"`), or in bytes.
     *
     * @default "10MiB"
     */
    maxSize?: pulumi.Input<string | number>;

    /**
     * Files that are kept, 1 to 1000; the oldest goes when there is one more.
     *
     * @default 3
     */
    maxFiles?: pulumi.Input<number>;
}
