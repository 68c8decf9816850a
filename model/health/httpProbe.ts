import { z } from "zod";
import { map, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { bodyMatch } from "./bodyMatch";
import { statusRanges } from "./statusRanges";

/** What an http and an https probe ask, and which answer is good. */

const path = z
    .string()
    .startsWith("/", 'must start with "/"')
    .regex(/^[\x21-\x7e]*$/, "must hold only printable ASCII characters without spaces (percent-encode others)");

/** They say how the connection and the body are handled, which is the probe's own business. */
const OWN_HEADERS = ["connection", "content-length", "expect", "te", "trailer", "transfer-encoding", "upgrade"];

const headers = map(
    z
        .string()
        .regex(
            /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$|^$/,
            "must hold only printable ASCII characters, without spaces at its ends",
        ),
).check((context) => {
    const names = new Map<string, string>();
    for (const name of Object.keys(context.value)) {
        const lower = name.toLowerCase();
        const same = names.get(lower);
        names.set(lower, name);
        // A token of RFC 9110, 5.6.2.
        if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
            refuse(context, [name], "must be named with letters, digits and the characters !#$%&'*+-.^_`|~");
        else if (OWN_HEADERS.includes(lower)) refuse(context, [name], "is a header that the probe itself decides on");
        else if (same !== undefined) refuse(context, [name], `is the same header as ${same}`);
    }
});

export const httpFields = {
    path: path.default("/"),
    headers: headers.optional(),
    expectedStatus: statusRanges.optional(),
    body: bodyMatch.optional(),
};

/** As in Azure. */
export const DEFAULT_EXPECTED_STATUS = [200];

/** The value of a header, however its name is written. */
export function headerOf(headers: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
    const found = Object.keys(headers ?? {}).find((key) => key.toLowerCase() === name.toLowerCase());
    return found === undefined || isUnknown(headers![found]) ? undefined : headers![found];
}
