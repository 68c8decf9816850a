import type { Target } from "./decision";
import type { Fallback } from "./endpoint";
import { familyOf } from "./subnet";

type Leading = Fallback & { readonly policy?: string | undefined };

/** The name that answers for a cloud service. DNS does not tell case apart (RFC 4343), so neither do names. */
export function cloudServiceName(cloudService: string, cloudServiceDomain: string): string {
    return `${cloudService.toLowerCase()}.${cloudServiceDomain}`;
}

/** What clients are told of an endpoint or fallback; undefined for a policy, which has answers of its own. */
export function targetOf(leading: Leading, cloudServiceDomain: string | undefined): Target | undefined {
    const { cloudService, hostName, address } = leading;
    if (cloudService !== undefined)
        return { kind: "name", name: cloudServiceName(cloudService, cloudServiceDomain ?? "") };
    if (hostName !== undefined) return { kind: "name", name: hostName };
    if (address !== undefined) return { kind: "address", family: familyOf(address), address };
    return undefined;
}

/** The same for people: `cloud service contoso-east`, `policy canary`, `192.0.2.7`. */
export function targetText({ cloudService, hostName, address, policy }: Leading): string {
    if (cloudService !== undefined) return `cloud service ${cloudService}`;
    return policy !== undefined ? `policy ${policy}` : (hostName ?? address ?? "");
}
