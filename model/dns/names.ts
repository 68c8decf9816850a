import { z } from "zod";

/** Names of hosts and zones, lower case and without the dot at the end (RFC 1123, 2.1; RFC 4343: case means nothing). */

const LONGEST_NAME = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const LABELS =
    "labels of 1 to 63 letters, digits and hyphens, with no hyphen at either end, separated by dots, 253 characters in all";

export function isHostName(name: string): boolean {
    return name.length <= LONGEST_NAME && name.split(".").every((label) => LABEL.test(label));
}

/** As every name is written here. */
export function canonicalName(text: string): string {
    return text.toLowerCase().replace(/\.$/, "");
}

function nameSchema(allowed: string) {
    return z.string().transform((text, context) => {
        const name = canonicalName(text);
        // Names whose last label is a number are read as addresses (RFC 1123, 2.1).
        if (isHostName(name) && !/(?:^|\.)\d+$/.test(name)) return name;
        context.addIssue(allowed);
        return z.NEVER;
    });
}

/** Name of a host elsewhere, or of a zone. */
export const hostName = nameSchema(`must be a host name such as www.contoso.com: ${LABELS}`);

/** What a policy is called under the traffic manager's domain; dots are allowed. */
export const dnsPrefix = z.string().transform((text, context) => {
    const prefix = text.toLowerCase();
    if (isHostName(prefix)) return prefix;
    context.addIssue(`must be a DNS prefix such as "contoso" or "www.contoso": ${LABELS}`);
    return z.NEVER;
});

/** Whether `name` is `zone` or below it. */
export function isWithin(name: string, zone: string): boolean {
    return name === zone || name.endsWith(`.${zone}`);
}
