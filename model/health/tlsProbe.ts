import { z } from "zod";
import { refuse } from "../schema/kit";
import { certificates, privateKey } from "../schema/pem";
import { isUnknown } from "../schema/unknown";

/** How an https probe shakes hands. What is inside a certificate only the agent sees, and says so as the member's reason. */

/** A host name (RFC 1123), as certificates name servers. */
const serverName = z
    .string()
    .max(253, "must have at most 253 characters")
    .regex(
        /^(?=.*[a-zA-Z])[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?)*$/,
        "must be a host name such as www.contoso.com",
    );

export const tlsFields = {
    verify: z.boolean().optional(),
    serverName: serverName.optional(),
    ca: certificates.optional(),
    clientCertificate: certificates.optional(),
    clientKey: privateKey.optional(),
};

type TlsSettings = { [Key in keyof typeof tlsFields]?: z.infer<(typeof tlsFields)[Key]> };

export function tlsRules(context: z.core.ParsePayload<TlsSettings>): void {
    const { verify, ca, clientCertificate, clientKey } = context.value;
    // Whoever names authorities wants certificates to be checked.
    if (verify === false && ca !== undefined && !isUnknown(ca))
        refuse(context, ["ca"], "has no effect while verify is false: leave one of them out");
    if (clientCertificate !== undefined && clientKey === undefined)
        refuse(context, ["clientKey"], "is required with clientCertificate");
    if (clientKey !== undefined && clientCertificate === undefined)
        refuse(context, ["clientCertificate"], "is required with clientKey");
}

export function verifies({ verify, ca }: TlsSettings): boolean {
    return verify ?? ca !== undefined;
}
