import * as pulumi from "@pulumi/pulumi";
import { containerAttachment } from "../../../model/resources/containerAttachment";
import { dnsAgent, dnsConfiguration, dnsServer } from "../../../model/resources/dns";
import { endpoint, loadBalancedSet } from "../../../model/resources/endpoint";
import { endpointPool } from "../../../model/resources/endpointPool";
import { galleryImage } from "../../../model/resources/galleryImage";
import { balancerAgent, gateway } from "../../../model/resources/gateway";
import { runtimeImage, runtimeVolume } from "../../../model/resources/runtime";
import { loadBalancer } from "../../../model/resources/loadBalancer";
import { privateNetwork, publicNetwork } from "../../../model/resources/network";
import { trafficPolicy } from "../../../model/resources/trafficPolicy";
import { virtualMachine } from "../../../model/resources/virtualMachine";
import type { Registration } from "./program";

const SCHEMAS: Record<string, { parse(value: unknown): unknown }> = {
    PublicNetwork: publicNetwork,
    PrivateNetwork: privateNetwork,
    RuntimeImage: runtimeImage,
    RuntimeVolume: runtimeVolume,
    Gateway: gateway,
    BalancerAgent: balancerAgent,
    VirtualMachine: virtualMachine,
    ContainerAttachment: containerAttachment,
    Endpoint: endpoint,
    EndpointPool: endpointPool,
    LoadBalancedSet: loadBalancedSet,
    LoadBalancer: loadBalancer,
    GalleryImage: galleryImage,
    TrafficPolicy: trafficPolicy,
    DnsServer: dnsServer,
    DnsAgent: dnsAgent,
    DnsConfiguration: dnsConfiguration,
};

/** What the provider would refuse of a program, by `Type name`. */
export function refusals(registered: Record<string, Registration>): Record<string, string> {
    return Object.fromEntries(
        Object.entries(registered).flatMap(([key, { inputs }]) => {
            const { __provider, __urn, ...rest } = inputs;
            try {
                SCHEMAS[key.split(" ")[0]!]?.parse(withoutSecrecy(rest));
                return [];
            } catch (error) {
                return [[key, (error as Error).message]];
            }
        }),
    );
}

/** As the provider's check has values: what Pulumi puts around a secret is gone. */
function withoutSecrecy(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (pulumi.runtime.isRpcSecret(value)) return withoutSecrecy(pulumi.runtime.unwrapRpcSecret(value));
    if (Array.isArray(value)) return value.map(withoutSecrecy);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutSecrecy(entry)]));
}
