import { trafficPolicy as policy, type TrafficPolicy } from "../dns/policy";
import { policyProblems } from "../dns/rules/policy";
import { refuse } from "../schema/kit";

/** A policy by itself, in which references are names in the program. Declares only: the traffic manager applies it. */
export const trafficPolicy = policy.check((context) => {
    for (const { path, message } of policyProblems(context.value)) refuse(context, path, message);
});
export type TrafficPolicyState = TrafficPolicy & { timeToDivert?: number | undefined };
