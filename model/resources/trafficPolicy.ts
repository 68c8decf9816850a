import type { TrafficPolicy } from "../dns/policy";

/** A policy by itself, in which references are names in the program. Declares only: the traffic manager applies it. */
export { trafficPolicy } from "../dns/policy";
export type TrafficPolicyState = TrafficPolicy & { timeToDivert?: number | undefined };
