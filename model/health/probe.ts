import { z } from "zod";
import { numberBetween, port, wholeNumber } from "../schema/fields";
import { object, refuse, variants } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { headerOf, httpFields } from "./httpProbe";
import { tlsFields, tlsRules, verifies } from "./tlsProbe";

/** Azure's default for endpoints of virtual machines (ProbeIntervalInSeconds). */
const DEFAULT_INTERVAL_SECONDS = 15;
const LONGEST_DEFAULT_TIMEOUT_SECONDS = 10;
/** Azure's timeout of 31 s over an interval of 15 s means two probes without an answer. */
const DEFAULT_UNHEALTHY_THRESHOLD = 2;
const DEFAULT_LONGEST_HOLD_DOWN_SECONDS = 300;

const timing = {
    intervalSeconds: numberBetween(0.2, 3600).default(DEFAULT_INTERVAL_SECONDS),
    timeoutSeconds: numberBetween(0.05, 3600).optional(),
    unhealthyThreshold: wholeNumber(1, 100).optional(),
    healthyThreshold: wholeNumber(1, 100).default(1),
    longestHoldDownSeconds: numberBetween(0, 3600).optional(),
};

/**
 * How a member's health is checked. Settings that follow from others (a timeout from the interval, the port from the
 * set) stay unset here, so that a preview shows one change for one edit; `probeTiming` and `probePort` fill them in.
 */
export const probe = variants("protocol", [
    object({ protocol: z.literal("none") }),
    object({ protocol: z.literal("tcp"), port: port.optional(), ...timing }).check(timeoutWithinInterval),
    object({ protocol: z.literal("http"), port: port.optional(), ...httpFields, ...timing }).check(
        timeoutWithinInterval,
    ),
    object({ protocol: z.literal("https"), port: port.optional(), ...httpFields, ...tlsFields, ...timing })
        .check(timeoutWithinInterval)
        .check(tlsRules),
]);

export type Probe = z.infer<typeof probe>;
export type ActiveProbe = Exclude<Probe, { protocol: "none" }>;
export type HttpProbe = Extract<Probe, { protocol: "http" | "https" }>;
export type HttpsProbe = Extract<Probe, { protocol: "https" }>;

/** Fields that may hold credentials: no message, event or status repeats them. */
export const PROBE_SECRETS = ["headers", "clientKey"] as const;

function timeoutWithinInterval(
    context: z.core.ParsePayload<{ intervalSeconds: number; timeoutSeconds?: number | undefined }>,
): void {
    const { intervalSeconds, timeoutSeconds } = context.value;
    if (timeoutSeconds === undefined || isUnknown(timeoutSeconds) || isUnknown(intervalSeconds)) return;
    if (timeoutSeconds > intervalSeconds) {
        refuse(context, ["timeoutSeconds"], `must not exceed intervalSeconds (${intervalSeconds})`);
    }
}

export interface ProbeTiming {
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    /** Probes in a row without any answer that take a member out. */
    readonly silenceThreshold: number;
    /** Answers in a row that say no (refused, reset, another status) that take a member out. */
    readonly refusalThreshold: number;
    readonly healthyThreshold: number;
    /** What a member that goes down again and again waits at most, though it answers. */
    readonly longestHoldDownSeconds: number;
}

/** As in Azure, a positive "no" takes a member out at once; an explicit threshold holds for both kinds of failure. */
export function probeTiming(probe: ActiveProbe): ProbeTiming {
    return {
        intervalSeconds: probe.intervalSeconds,
        timeoutSeconds: probe.timeoutSeconds ?? Math.min(probe.intervalSeconds, LONGEST_DEFAULT_TIMEOUT_SECONDS),
        silenceThreshold: probe.unhealthyThreshold ?? DEFAULT_UNHEALTHY_THRESHOLD,
        refusalThreshold: probe.unhealthyThreshold ?? 1,
        healthyThreshold: probe.healthyThreshold,
        longestHoldDownSeconds: probe.longestHoldDownSeconds ?? DEFAULT_LONGEST_HOLD_DOWN_SECONDS,
    };
}

export interface Question {
    /** `http:8080/healthz` */
    readonly target: string;
    /** All else that decides the answer. May hold secrets. */
    readonly details?: string;
}

/** What a probe asks, without how often: two probes that ask the same give the same answer. */
export function probeQuestion(probe: Probe, privatePort: number): Question {
    if (probe.protocol === "none") return { target: "none" };
    const target = `${probe.protocol}:${probe.port ?? privatePort}`;
    if (probe.protocol === "tcp") return { target };
    const { headers, expectedStatus, body } = probe;
    const details = [
        Object.entries(headers ?? {})
            .map(([name, value]) => [name.toLowerCase(), value])
            .sort(),
        expectedStatus,
        body,
        ...(probe.protocol === "https" ? tlsQuestion(probe) : []),
    ];
    const isPlain = details.every((detail) => detail === undefined || (Array.isArray(detail) && detail.length === 0));
    return { target: target + probe.path, ...(isPlain ? {} : { details: JSON.stringify(details) }) };
}

function tlsQuestion(probe: HttpsProbe): unknown[] {
    const { ca, clientCertificate, clientKey } = probe;
    return [verifies(probe) || undefined, serverNameOf(probe), ca, clientCertificate, clientKey];
}

/** The name by which an https probe calls the server: browsers too take it from where the Host header comes from. */
export function serverNameOf({ serverName, headers }: HttpsProbe): string | undefined {
    return serverName ?? nameOfHost(headerOf(headers, "Host"));
}

/** `www.contoso.com:8443` → `www.contoso.com`; addresses are no names (RFC 6066, 3). */
function nameOfHost(host: string | undefined): string | undefined {
    const name = host?.replace(/:\d*$/, "");
    return name && /[a-z]/i.test(name) && !name.startsWith("[") ? name : undefined;
}
