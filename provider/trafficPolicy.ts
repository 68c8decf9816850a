import { mayBeProbed, secondsUntilDiverted } from "../model/dns/divert";
import { detectionSeconds } from "../model/dns/monitor";
import { POLICY_SECRETS } from "../model/dns/policy";
import { objectBaseName } from "../model/names";
import {
    trafficPolicy as schema,
    type DeclaredPolicy,
    type TrafficPolicyState,
} from "../model/resources/trafficPolicy";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import type { Definition } from "./definition";

/** Declares only: the traffic manager applies it. */
export const trafficPolicy: Definition<DeclaredPolicy, TrafficPolicyState> = {
    type: "TrafficPolicy",
    schema,
    secret: POLICY_SECRETS,
    outputs: [],
    replaceOn: [],
    // An input, so that a preview shows what becomes of it with another monitor or TTL.
    derive: (inputs) => ({ ...inputs, timeToDivert: secondsToDivert(inputs) }),
    create: async (_inputs, { identity }) => ({ id: objectBaseName(identity), outputs: {} }),
};

const UNKNOWN_SECONDS = UNKNOWN as unknown as number;

function secondsToDivert(policy: DeclaredPolicy): number | undefined {
    const { ttlSeconds, nestedDetectionSeconds } = policy;
    const detections = [ownDetection(policy), nestedDetectionSeconds].filter((seconds) => seconds !== undefined);
    if (detections.length === 0) return undefined;
    if ([ttlSeconds, ...detections].some(isUnknown)) return UNKNOWN_SECONDS;
    return secondsUntilDiverted(Math.max(...detections), ttlSeconds);
}

function ownDetection({ monitor, endpoints }: DeclaredPolicy): number | undefined {
    if (monitor === undefined) return undefined;
    if (!isUnknown(endpoints) && !Object.values(endpoints).some(mayBeProbed)) return undefined;
    if (isUnknown(monitor)) return UNKNOWN_SECONDS;
    const { protocol, intervalSeconds, timeoutSeconds, toleratedFailures } = monitor;
    if ([protocol, intervalSeconds, timeoutSeconds, toleratedFailures].some(isUnknown)) return UNKNOWN_SECONDS;
    return detectionSeconds(monitor);
}
