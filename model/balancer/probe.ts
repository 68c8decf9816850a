import { z } from "zod";
import { numberBetween, port, wholeNumber } from "../schema/fields";
import { object, refuse, variants } from "../schema/kit";
import { isUnknown } from "../schema/unknown";

/** Azure's default for endpoints of virtual machines (ProbeIntervalInSeconds). */
const DEFAULT_INTERVAL_SECONDS = 15;
const LONGEST_DEFAULT_TIMEOUT_SECONDS = 10;
/** Azure's timeout of 31 s over an interval of 15 s means two probes without an answer. */
const DEFAULT_UNHEALTHY_THRESHOLD = 2;

const timing = {
    intervalSeconds: numberBetween(0.2, 3600).default(DEFAULT_INTERVAL_SECONDS),
    timeoutSeconds: numberBetween(0.05, 3600).optional(),
    unhealthyThreshold: wholeNumber(1, 100).optional(),
    healthyThreshold: wholeNumber(1, 100).default(1),
};

const path = z
    .string()
    .startsWith("/", 'must start with "/"')
    .regex(/^[\x21-\x7e]*$/, "must hold only printable ASCII characters without spaces (percent-encode others)");

/**
 * How a member's health is checked. Settings that follow from others (a timeout from the interval, the port from the
 * set) stay unset here, so that a preview shows one change for one edit; `probeTiming` and `probePort` fill them in.
 */
export const probe = variants("protocol", [
    object({ protocol: z.literal("none") }),
    object({ protocol: z.literal("tcp"), port: port.optional(), ...timing }).check(timeoutWithinInterval),
    object({ protocol: z.literal("http"), port: port.optional(), path: path.default("/"), ...timing }).check(
        timeoutWithinInterval,
    ),
]);

export type Probe = z.infer<typeof probe>;
export type ActiveProbe = Exclude<Probe, { protocol: "none" }>;

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
}

/** As in Azure, a positive "no" takes a member out at once; an explicit threshold holds for both kinds of failure. */
export function probeTiming(probe: ActiveProbe): ProbeTiming {
    return {
        intervalSeconds: probe.intervalSeconds,
        timeoutSeconds: probe.timeoutSeconds ?? Math.min(probe.intervalSeconds, LONGEST_DEFAULT_TIMEOUT_SECONDS),
        silenceThreshold: probe.unhealthyThreshold ?? DEFAULT_UNHEALTHY_THRESHOLD,
        refusalThreshold: probe.unhealthyThreshold ?? 1,
        healthyThreshold: probe.healthyThreshold,
    };
}

/** What a probe asks, without how often: two probes that ask the same give the same answer. */
export function probeQuestion(probe: Probe, privatePort: number): string {
    if (probe.protocol === "none") return "none";
    const target = `${probe.protocol}:${probe.port ?? privatePort}`;
    return probe.protocol === "http" ? `${target}${probe.path}` : target;
}
