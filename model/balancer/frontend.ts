import { z } from "zod";
import { canonicalCidr } from "../network/addresses";
import { wholeNumber } from "../schema/fields";
import { map, object, refuse, unlessEmpty } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { flattenAcl, type AclEntry } from "./acl";

/** A range of IPv4 addresses, or one address, made canonical: always a range, host bits cleared. */
const subnet = z.string().transform((text, context) => {
    const range = canonicalCidr(text) ?? canonicalCidr(`${text}/32`);
    if (range) return range;
    context.addIssue("must be a range of IPv4 addresses such as 203.0.113.0/24, or one address");
    return z.NEVER;
});

export const aclRule = object({
    action: z.enum(["permit", "deny"]),
    remoteSubnet: subnet,
    description: z.string().optional(),
});

const HIGHEST_ORDER = 65_535;

/** What is wrong with the order of a rule, if anything. */
export function orderProblem(order: unknown): string | undefined {
    const fits = Number.isInteger(order) && (order as number) >= 0 && (order as number) <= HIGHEST_ORDER;
    return fits ? undefined : `must be a whole number between 0 and ${HIGHEST_ORDER}`;
}

/** Rules by their order: a preview shows which rule changes, where a list would show all that move up. */
const acl = map(aclRule).check((context) => {
    for (const key of Object.keys(context.value)) {
        const problem = String(Number(key)) === key ? orderProblem(Number(key)) : orderProblem(key);
        if (problem) refuse(context, [key], `order ${problem}`);
    }
});
export type Acl = z.infer<typeof acl>;

const connectionRate = object({
    perSecond: wholeNumber(1, 100_000).optional(),
    perMinute: wholeNumber(1, 100_000).optional(),
    burst: wholeNumber(1, 100_000).optional(),
}).check((context) => {
    const { perSecond, perMinute } = context.value;
    if (isUnknown(perSecond) || isUnknown(perMinute)) return;
    if ((perSecond === undefined) === (perMinute === undefined))
        refuse(context, [], "must have either perSecond or perMinute");
});

/** What endpoints and sets have in common: who may connect, how much, and for how long in silence. */
export const frontendSettings = {
    acl: unlessEmpty(acl),
    /** Azure's range. */
    idleTimeoutMinutes: wholeNumber(4, 30).optional(),
    maxConnections: wholeNumber(1, 100_000).optional(),
    maxConnectionRatePerSource: connectionRate.optional(),
};

/** The same as a plan has it. Absent is unlimited. */
export interface Access {
    /** The longest range that holds the client decides. */
    readonly acl?: readonly AclEntry[];
    readonly idleTimeoutMinutes?: number;
    readonly maxConnections?: number;
    readonly rate?: Rate;
}

/** A bucket of `burst` connections a source, refilled so fast. */
export interface Rate {
    readonly connections: number;
    readonly per: "second" | "minute";
    readonly burst: number;
}

export type FrontendSettings = z.infer<z.ZodObject<typeof frontendSettings>>;

export function accessOf(settings: FrontendSettings): Access {
    const { acl, idleTimeoutMinutes, maxConnections, maxConnectionRatePerSource: rate } = settings;
    return { acl: flattenAcl(acl), idleTimeoutMinutes, maxConnections, rate: rate && rateOf(rate) };
}

function rateOf({ perSecond, perMinute, burst }: z.infer<typeof connectionRate>): Rate {
    const connections = perSecond ?? perMinute!;
    return { connections, per: perSecond === undefined ? "minute" : "second", burst: burst ?? connections };
}
