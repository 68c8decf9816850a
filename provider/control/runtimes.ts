import type { z } from "zod";
import { EMPTY_CONFIGURATION, type BalancerConfiguration } from "../../model/balancer/configuration";
import { agentStatus, appliedConfiguration, type AgentStatus } from "../../model/balancer/control";
import type { DnsConfiguration } from "../../model/dns/configuration";
import { appliedDns, dnsStatus, type DnsStatus } from "../../model/dns/control";
import type { RuntimeName } from "../package";

/** What every agent says of itself. */
export interface CommonStatus {
    readonly bundle: string;
    readonly revision: number;
}

export interface Applied<Configuration> {
    readonly revision: number;
    readonly configuration: Configuration;
    readonly owner?: string | undefined;
}

/** A kind of runtime: what its agent says, and what it is told beside the configuration. */
export interface Runtime<Status extends CommonStatus, Configuration, Settings extends object = object> {
    readonly name: RuntimeName;
    /** What messages call its container. */
    readonly noun: string;
    readonly status: z.ZodType<Status>;
    readonly applied: z.ZodType<Applied<Configuration>>;
    /** A configuration with which it serves nothing, and how to apply it. */
    readonly nothing: Settings & { readonly configuration: Configuration };
}

export const GATEWAY: Runtime<AgentStatus, BalancerConfiguration, { readonly waitSeconds: number }> = {
    name: "gateway",
    noun: "gateway",
    status: agentStatus,
    applied: appliedConfiguration,
    nothing: { configuration: EMPTY_CONFIGURATION, waitSeconds: 0 },
};

export const DNS: Runtime<DnsStatus, DnsConfiguration | null> = {
    name: "dns",
    noun: "DNS server",
    status: dnsStatus,
    applied: appliedDns,
    nothing: { configuration: null },
};

export type AnyRuntime = Runtime<CommonStatus, unknown>;
