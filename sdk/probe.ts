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
     * - `"http"`: it answers a GET with a good status, and a good body where `body` is given
     * - `"https"`: the same over TLS
     * - `"none"`: it is not asked, and healthy while its virtual machine runs
     */
    protocol: pulumi.Input<"tcp" | "http" | "https" | "none">;

    /**
     * Port of the virtual machine to ask, 1 to 65535.
     *
     * @default the set's private port; a udp set must name one
     */
    port?: pulumi.Input<number>;

    /**
     * Path to get, for `"http"` and `"https"`: starts with `/`, in printable ASCII without spaces.
     *
     * @default "/"
     * @example "/healthz"
     */
    path?: pulumi.Input<string>;

    /**
     * Headers to send, for `"http"` and `"https"`, `Host` among them: names are tokens (RFC 9110), values printable
     * ASCII. Redirects are not followed. Secrets stay secret in state, in previews and in messages.
     *
     * @default `Host` is the machine's address and port; `User-Agent`, `Accept` and `Accept-Encoding: identity` go along
     * @example { Host: "www.contoso.com", Authorization: config.requireSecret("probeToken") }
     */
    headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * Statuses that are good, for `"http"` and `"https"`: numbers and ranges from 200 to 599. The state holds them
     * sorted, and ranges that touch as one. Another status is a positive no.
     *
     * @default [200], as in Azure
     * @example ["200-299", 304]
     */
    expectedStatus?: pulumi.Input<pulumi.Input<number | string>[]>;

    /**
     * What the body of a good answer holds, for `"http"` and `"https"`. Another body is a positive no.
     *
     * @default anything
     * @example { contains: "ready" }
     */
    body?: pulumi.Input<ProbeBodyArgs>;

    /**
     * Whether the machine must have a certificate, for `"https"`, that is valid now, for `serverName`, and signed by
     * an authority of `ca`, or one that Node.js trusts where there is no `ca`.
     *
     * Off by default, as in Azure: the probe asks on the cloud service's own network whether the machine answers, and
     * machines are known there by addresses, which public certificates do not name. Do verify where `headers` hold
     * credentials.
     *
     * @default true where `ca` is given, else false
     */
    verify?: pulumi.Input<boolean>;

    /**
     * Name of the server, for `"https"`: sent in the handshake (SNI, RFC 6066), and the certificate must be for it
     * where certificates are verified.
     *
     * @default the `Host` of `headers`; without one none is sent, and a verified certificate must be for the machine's
     * address
     * @example "www.contoso.com"
     */
    serverName?: pulumi.Input<string>;

    /**
     * Certificates, in PEM, of the authorities that may sign the machine's, for `"https"`. They take the place of the
     * public ones.
     *
     * @default the public authorities that Node.js knows
     */
    ca?: pulumi.Input<string>;

    /**
     * Certificate, in PEM, that the probe shows to a machine which asks for one, for `"https"`; those that it is signed
     * by may follow it. Goes with `clientKey`.
     *
     * @default none
     */
    clientCertificate?: pulumi.Input<string>;

    /**
     * Private key of `clientCertificate`, in PEM without a passphrase. Always secret in state and in previews; a file of
     * the gateway's volume, which only root may read, holds it for the probe.
     *
     * @default none
     */
    clientKey?: pulumi.Input<string>;

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
     * @default 2 without an answer, but 1 that says no (connection refused or reset, a failed handshake, another status or body), as in Azure. A
     * given number holds for both.
     */
    unhealthyThreshold?: pulumi.Input<number>;

    /**
     * Good probes in a row, 1 to 100, that bring a member back.
     *
     * @default 1
     */
    healthyThreshold?: pulumi.Input<number>;

    /**
     * Seconds, 0 to 3600, that a member which goes down again and again waits at most before it comes back, though its
     * probe succeeds: nothing the first time, then one interval, then twice as long each time. Five healthy minutes in
     * a row end that. It does receive connections while no other member is healthy. 0 turns the waiting off.
     *
     * Azure too lets a member wait longer whose probe flaps; how long it does not say.
     *
     * @default 300
     */
    longestHoldDownSeconds?: pulumi.Input<number>;
}

/** What the first 16 KiB of a body, read as UTF-8, must hold: either a text or a match of a regular expression. */
export interface ProbeBodyArgs {
    /**
     * A text, 1 to 1000 characters.
     *
     * @default `matches` says it
     * @example "ready"
     */
    contains?: pulumi.Input<string>;

    /**
     * A regular expression in RE2's syntax, 1 to 1000 characters, found anywhere: `^` and `$` stand for the beginning
     * and the end, `(?s)` lets `.` stand for line ends too, `(?i)` takes capitals for small letters. There are no
     * back-references and no lookarounds. The preview refuses an expression that is none, or so large that matching
     * could keep the gateway's agent busy.
     *
     * @default `contains` says it
     * @example "\"status\":\\s*\"(up|degraded)\""
     */
    matches?: pulumi.Input<string>;
}
