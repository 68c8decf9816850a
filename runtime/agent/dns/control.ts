import { DNS_SECRETS } from "../../../model/dns/configuration";
import { dnsApplyRequest, type DnsApplyRequest, type DnsStatus } from "../../../model/dns/control";
import { commonRoutes } from "../control-routes";
import type { Routes } from "../control-server";
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
}

/** What the DNS runtime's agent answers. */
export function dnsRoutes({ applies, revisions, events, probers, applied, status }: DnsControl): Routes {
    const again = (configuration: Applied["configuration"]): DnsApplyRequest => {
        const { revision, owner } = applied();
        return { configuration, basedOn: revision, owner };
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
        "POST /v1/probe-now": ({ response }) => {
            probers.now();
            response.writeHead(204).end();
        },
    };
}
