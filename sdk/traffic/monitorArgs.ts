import type * as pulumi from "@pulumi/pulumi";

/**
 * How the endpoints of a `TrafficPolicy` are checked. Times are in seconds. A changed monitor takes effect in place, and
 * endpoints keep their status until the new one says otherwise.
 *
 * The defaults are Azure Traffic Manager's: asked every 30 seconds, 10 seconds for an answer, status 200 only, Degraded
 * with the fourth failure in a row. One success makes an endpoint Online again.
 */
export interface MonitorArgs {
    /**
     * - `"http"`: the endpoint answers a GET with a good status
     * - `"https"`: the same over TLS; certificates are not validated, as in Azure
     * - `"tcp"`: it accepts a connection
     */
    protocol: pulumi.Input<"http" | "https" | "tcp">;

    /**
     * Port of every endpoint to ask, 1 to 65535.
     *
     * @default 80 for `"http"`, 443 for `"https"`; for `"tcp"` it must be given
     */
    port?: pulumi.Input<number>;

    /**
     * Path to get, for `"http"` and `"https"` (Azure's "relative path and file"): starts with `/`, in printable ASCII
     * without spaces. Redirects are not followed.
     *
     * @default "/"
     * @example "/healthz"
     */
    path?: pulumi.Input<string>;

    /**
     * Headers to send, for `"http"` and `"https"`: names are tokens (RFC 9110), values printable ASCII. An endpoint's own
     * `headers` come before these. Secrets stay secret in state, in previews and in messages.
     *
     * @default `Host` is the name or address by which the endpoint's clients know it
     * @example { Host: "www.contoso.com" }
     */
    headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * Statuses that are good, for `"http"` and `"https"`: numbers and ranges from 200 to 599. The state holds them
     * sorted, and ranges that touch as one.
     *
     * @default [200], as in Azure
     * @example ["200-299", 304]
     */
    expectedStatus?: pulumi.Input<pulumi.Input<number | string>[]>;

    /**
     * Seconds from the start of one probe to the start of the next, 0.2 to 3600. (Azure knows 30 and 10.)
     *
     * @default 30
     */
    intervalSeconds?: pulumi.Input<number>;

    /**
     * Seconds that one probe may take, 0.05 up to `intervalSeconds`; a slower answer is a failure.
     *
     * @default 10, or nine tenths of an interval that is shorter than 11 seconds
     */
    timeoutSeconds?: pulumi.Input<number>;

    /**
     * Failures in a row, 0 to 9, that an endpoint may have: with one more it is Degraded.
     *
     * @default 3
     */
    toleratedFailures?: pulumi.Input<number>;
}
