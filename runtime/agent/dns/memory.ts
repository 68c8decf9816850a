import * as z from "zod";
import { dnsShape } from "../../../model/dns/configuration";
import { appliedDns } from "../../../model/dns/control";
import { endpointStatus, policyStatus } from "../../../model/dns/status";
import { memberHealth } from "../../../model/health/health";
import { object } from "../../../model/schema/kit";
import { Store } from "../store";

/** Of the stored one only the shape is checked: what an older agent took serves on, whatever this one would refuse. */
export const storedConfiguration = object(dnsShape).nullable();

const applied = appliedDns.extend({ configuration: storedConfiguration, appliedAt: z.number().optional() });
/** What serves, and since when. */
export type Applied = z.infer<typeof applied>;

export const NOTHING_APPLIED: Applied = { revision: 0, configuration: null };

const known = z.object({
    status: z.union([endpointStatus, policyStatus]),
    since: z.number(),
    /** Of an endpoint that is probed: who was asked (question.ts), and what the answers said. */
    health: memberHealth.optional(),
    target: z.string().optional(),
});
/** What outlives the agent of an endpoint or a policy. */
export type Known = z.infer<typeof known>;

/** The DNS runtime's: what is known, by `policyRecord` and `endpointRecord`. */
export function dnsStore(directory: string): Store<Applied, Known> {
    return new Store<Applied, Known>(directory, { applied, known, nothing: NOTHING_APPLIED });
}

export function policyRecord(policy: string): string {
    return `policy ${policy}`;
}

/** @param key an `endpointKey` */
export function endpointRecord(key: string): string {
    return `endpoint ${key}`;
}
