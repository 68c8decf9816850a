import type * as pulumi from "@pulumi/pulumi";

/**
 * How a member of a load-balanced set is checked. Times are in seconds. A changed probe takes effect in place, and
 * members stay as healthy as they were until the new probe says otherwise.
 *
 * The defaults are Azure's for endpoints of virtual machines: every 15 seconds, out after 31 seconds without an answer,
 * which means two probes.
 */
export interface ProbeArgs {
    /**
     * - `"tcp"`: the member accepts a connection
     * - `"http"`: it answers a GET with status 200
     * - `"none"`: it is not asked, and healthy while its virtual machine runs
     */
    protocol: pulumi.Input<"tcp" | "http" | "none">;

    /**
     * Port of the virtual machine to ask, 1 to 65535.
     *
     * @default the set's private port; a udp set must name one
     */
    port?: pulumi.Input<number>;

    /**
     * Path to get, for `"http"`: starts with `/`, in printable ASCII without spaces.
     *
     * @default "/"
     * @example "/healthz"
     */
    path?: pulumi.Input<string>;

    /**
     * Seconds from the start of one probe to the start of the next, 0.2 to 3600.
     *
     * @default 15
     */
    intervalSeconds?: pulumi.Input<number>;

    /**
     * Seconds that one probe may take, 0.05 up to `intervalSeconds`; a slower answer is none.
     *
     * @default the interval, at most 10
     */
    timeoutSeconds?: pulumi.Input<number>;

    /**
     * Failed probes in a row, 1 to 100, that take a member out.
     *
     * @default 2 without an answer, but 1 that says no (connection refused or reset, another status), as in Azure. A
     * given number holds for both.
     */
    unhealthyThreshold?: pulumi.Input<number>;

    /**
     * Good probes in a row, 1 to 100, that bring a member back.
     *
     * @default 1
     */
    healthyThreshold?: pulumi.Input<number>;
}
