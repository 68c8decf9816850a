import { z } from "zod";
import { httpFields } from "../health/httpProbe";
import type { ActiveProbe, ProbeTiming } from "../health/probe";
import { numberBetween, port, wholeNumber } from "../schema/fields";
import { object, refuse, variants } from "../schema/kit";
import { isUnknown } from "../schema/unknown";

/** Azure's defaults: every 30 s, 10 s for an answer, down with the fourth failure in a row, 200 only. */
const DEFAULT_INTERVAL_SECONDS = 30;
const LONGEST_DEFAULT_TIMEOUT_SECONDS = 10;
/** Azure's 9 s of 10 s. */
const DEFAULT_TIMEOUT_SHARE = 0.9;
const DEFAULT_TOLERATED_FAILURES = 3;

const timing = {
    intervalSeconds: numberBetween(0.2, 3600).default(DEFAULT_INTERVAL_SECONDS),
    timeoutSeconds: numberBetween(0.05, 3600).optional(),
    toleratedFailures: wholeNumber(0, 9).default(DEFAULT_TOLERATED_FAILURES),
};

const { path, headers, expectedStatus } = httpFields;

/** How the endpoints of a policy are checked. Settings that follow from others stay unset; `monitorTiming` and `monitorPort` fill them in. */
export const monitor = variants("protocol", [
    object({ protocol: z.literal("tcp"), port, ...timing }).check(timeoutWithinInterval),
    object({ protocol: z.literal("http"), port: port.optional(), path, headers, expectedStatus, ...timing }).check(
        timeoutWithinInterval,
    ),
    object({ protocol: z.literal("https"), port: port.optional(), path, headers, expectedStatus, ...timing }).check(
        timeoutWithinInterval,
    ),
]);
export type Monitor = z.infer<typeof monitor>;

export const monitorHeaders = headers;

function timeoutWithinInterval(
    context: z.core.ParsePayload<{ intervalSeconds: number; timeoutSeconds?: number | undefined }>,
): void {
    const { intervalSeconds, timeoutSeconds } = context.value;
    if (timeoutSeconds === undefined || isUnknown(timeoutSeconds) || isUnknown(intervalSeconds)) return;
    if (timeoutSeconds > intervalSeconds)
        refuse(context, ["timeoutSeconds"], `must not exceed intervalSeconds (${intervalSeconds})`);
}

export function monitorTimeout({ intervalSeconds, timeoutSeconds }: Monitor): number {
    return timeoutSeconds ?? Math.min(LONGEST_DEFAULT_TIMEOUT_SECONDS, intervalSeconds * DEFAULT_TIMEOUT_SHARE);
}

/** Failures of any kind in a row count, one success restores, and nobody waits after flapping: Azure Traffic Manager's rules. */
export function monitorTiming(monitor: Monitor): ProbeTiming {
    const threshold = monitor.toleratedFailures + 1;
    return {
        intervalSeconds: monitor.intervalSeconds,
        timeoutSeconds: monitorTimeout(monitor),
        silenceThreshold: threshold,
        refusalThreshold: threshold,
        healthyThreshold: 1,
        longestHoldDownSeconds: 0,
    };
}

export function monitorPort(monitor: Monitor): number {
    if (monitor.protocol === "tcp") return monitor.port;
    return monitor.port ?? (monitor.protocol === "http" ? 80 : 443);
}

/** What to ask an endpoint whose clients know it as `host`; `headers` are its own and come before the policy's. */
export function monitorProbe(monitor: Monitor, host: string, own: Readonly<Record<string, string>> = {}): ActiveProbe {
    const { intervalSeconds } = monitor;
    const common = { port: monitorPort(monitor), intervalSeconds, healthyThreshold: 1 };
    if (monitor.protocol === "tcp") return { protocol: "tcp", ...common };
    const { protocol, path, expectedStatus } = monitor;
    const named = (headers: object) =>
        new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [name, value]]));
    const headers = [...new Map([...named({ Host: host }), ...named(monitor.headers ?? {}), ...named(own)]).values()];
    return {
        protocol,
        path,
        expectedStatus,
        headers: Object.fromEntries(headers) as Record<string, string>,
        ...common,
    };
}

/** Seconds that answers take at most to follow a failure, without what resolvers keep: this is added by the policy's TTL. */
export function detectionSeconds(monitor: Monitor): number {
    const { intervalSeconds, toleratedFailures } = monitor;
    // The failure may come just after a good probe began; the last probe may take its whole timeout.
    return intervalSeconds * (toleratedFailures + 1) + monitorTimeout(monitor);
}
