import { DNS_SECRETS } from "../../../model/dns/configuration";
import { dnsApplyRequest, type DnsApplyRequest, type DnsStatus } from "../../../model/dns/control";
import type { Explanation } from "../../../model/dns/explanation";
import { canonicalAddress } from "../../../model/dns/subnet";
import { commonRoutes } from "../control-routes";
import { Refusal, reply, type Routes } from "../control-server";
import type { EventLog } from "../events";
import { revisionRoutes } from "../revision-routes";
import type { Revisions } from "../revisions";
import type { DnsApplies } from "./apply";
import type { Applied } from "./memory";
import type { Probers } from "./prober";
import { statusText } from "./status-text";

export interface DnsControl {
    readonly applies: DnsApplies;
    readonly revisions: Revisions<Applied["configuration"]>;
    readonly events: EventLog;
    readonly probers: Probers;
    readonly applied: () => Applied;
    readonly status: () => Promise<DnsStatus>;
    /** Undefined when there is no such policy. */
    readonly explain: (policy: string, client: string) => Promise<Explanation | undefined>;
}

/** What the DNS runtime's agent answers. */
export function dnsRoutes({ applies, revisions, events, probers, applied, status, explain }: DnsControl): Routes {
    const again = (configuration: Applied["configuration"]): DnsApplyRequest => {
        const { revision, owner } = applied();
        return { configuration, basedOn: revision, owner, atOnce: true };
    };
    return {
        ...commonRoutes({
            applies,
            applyRequest: dnsApplyRequest,
            secrets: DNS_SECRETS,
            status,
            statusText,
            configuration: applied,
        }),
        ...revisionRoutes({ revisions, applies, events, serving: () => applied().revision, request: again }),
        "GET /v1/explain": async ({ response, query }) => {
            const [policy, client] = [query.get("policy") ?? "", query.get("client") ?? ""];
            const address = canonicalAddress(client);
            if (address === undefined)
                throw new Refusal(400, [`client: must be an IPv4 or IPv6 address (got ${JSON.stringify(client)})`]);
            const explanation = await explain(policy, address);
            if (!explanation) throw new Refusal(404, [`there is no policy ${JSON.stringify(policy)}`]);
            reply(response, 200, explanation);
        },
        "POST /v1/probe-now": ({ response }) => {
            probers.now();
            response.writeHead(204).end();
        },
    };
}
