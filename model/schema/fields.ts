import ipaddr from "ipaddr.js";
import { z } from "zod";
import { canonicalCidr } from "../network/addresses";

/** Fields that several resources share, each with the sentence that a wrong value gets. */

export const protocol = z.enum(["tcp", "udp"]);
export type Protocol = z.infer<typeof protocol>;

export function wholeNumber(minimum: number, maximum: number) {
    return between(z.int(), minimum, maximum);
}

export function numberBetween(minimum: number, maximum: number) {
    return between(z.number(), minimum, maximum);
}

function between(schema: z.ZodNumber, minimum: number, maximum: number) {
    const allowed = `must be between ${minimum} and ${maximum}`;
    return schema.min(minimum, allowed).max(maximum, allowed);
}

export const port = wholeNumber(1, 65_535);

export const ipv4 = z
    .string()
    .refine((text) => ipaddr.IPv4.isValidFourPartDecimal(text), "must be an IPv4 address such as 192.0.2.10");

/** A range of IPv4 addresses, made canonical: host bits cleared. */
export const cidr = z.string().transform((text, context) => {
    const range = canonicalCidr(text);
    if (range) return range;
    context.addIssue("must be a range of IPv4 addresses such as 10.80.1.0/24");
    return z.NEVER;
});

/** The private address space of a network: room for a gateway, and no larger than Docker allocates well. */
export const addressSpace = cidr.refine((range) => {
    const prefix = Number(range.split("/")[1]);
    return prefix >= 8 && prefix <= 29;
}, "must have a prefix length between 8 and 29");

/** Name of a Docker object. */
export const dockerName = z
    .string()
    .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
        "must start with a letter or digit and hold only letters, digits, '_', '.' and '-'",
    );
