import { z } from "zod";
import { trafficPolicy as policy, type TrafficPolicy } from "../dns/policy";
import { policyProblems } from "../dns/rules/policy";
import { known, refuse } from "../schema/kit";

/** What the program adds to a policy: it knows the others. */
const added = {
    /** Seconds until the slowest monitor of the policies nested in it is sure. */
    nestedDetectionSeconds: known(z.number()).optional(),
};
export type DeclaredPolicy = TrafficPolicy & { nestedDetectionSeconds?: number | undefined };

const variants = (policy.options as readonly z.ZodObject[]).map((variant) => variant.extend(added));
const declared = z.discriminatedUnion("method", variants as never) as unknown as z.ZodType<DeclaredPolicy>;

/** A policy by itself, in which references are names in the program. Declares only: the traffic manager applies it. */
export const trafficPolicy = declared.check((context) => {
    for (const { path, message } of policyProblems(context.value)) refuse(context, path, message);
});
export type TrafficPolicyState = DeclaredPolicy & { timeToDivert?: number | undefined };
