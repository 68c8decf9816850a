import { detectionSeconds } from "../model/dns/monitor";
import { POLICY_SECRETS, type TrafficPolicy } from "../model/dns/policy";
import { objectBaseName } from "../model/names";
import { trafficPolicy as schema, type TrafficPolicyState } from "../model/resources/trafficPolicy";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import type { Definition } from "./definition";

/** Declares only: the traffic manager applies it. */
export const trafficPolicy: Definition<TrafficPolicy, TrafficPolicyState> = {
    type: "TrafficPolicy",
    schema,
    secret: POLICY_SECRETS,
    outputs: [],
    replaceOn: [],
    // An input, so that a preview shows what becomes of it with another monitor or TTL.
    derive: (inputs) => ({ ...inputs, timeToDivert: secondsToDivert(inputs) }),
    create: async (_inputs, { identity }) => ({ id: objectBaseName(identity), outputs: {} }),
};

const CHANGE_SECONDS = 0.1;

function secondsToDivert({ monitor, ttlSeconds }: TrafficPolicy): number | undefined {
    if (monitor === undefined) return undefined;
    const unknown = UNKNOWN as unknown as number;
    if (isUnknown(monitor) || [monitor.protocol, ttlSeconds].some(isUnknown)) return unknown;
    const { intervalSeconds, timeoutSeconds, toleratedFailures } = monitor;
    if ([intervalSeconds, timeoutSeconds, toleratedFailures].some(isUnknown)) return unknown;
    return detectionSeconds(monitor) + CHANGE_SECONDS + ttlSeconds;
}
