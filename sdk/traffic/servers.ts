import type * as pulumi from "@pulumi/pulumi";
import { DnsAgent } from "../dns/dnsAgent";
import { DnsConfiguration } from "../dns/dnsConfiguration";
import { DnsServer } from "../dns/dnsServer";
import type { DockerArgs, DockerProvider } from "../docker";
import { factsOf } from "../internal/brand";
import { hostIsEventual, hostOf } from "../internal/shared";
import { RuntimeImage } from "../runtime/runtimeImage";
import { RuntimeVolume } from "../runtime/runtimeVolume";
import type { Inventory } from "./inventory";
import type { ServerPlan } from "./nameServers";
import type { Zones } from "./zones";

/** A server of a traffic manager, as it is made. */
export interface MadeServer {
    readonly name: string;
    readonly server: DnsServer;
    readonly configuration: DnsConfiguration;
}

/** What every server is made for. */
interface Served {
    readonly zones: Zones;
    readonly inventory: Inventory;
    readonly resolvers: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/**
 * The servers, one after the other: each waits until the one before serves, so that an upgrade or a mistake meets one
 * at a time. (What a server's replacement deletes first is that server alone: an order is no dependency on its values.)
 */
export function makeServers(
    manager: string,
    plans: readonly ServerPlan[],
    { zones, inventory, resolvers }: Served,
    child: pulumi.CustomResourceOptions,
): MadeServer[] {
    const imageOn = imagesByHost(manager, child);
    let before: MadeServer | undefined;
    return plans.map(({ name, resource, options, docker, publicNetwork, address, publish }) => {
        const volume = new RuntimeVolume(`${resource}-state`, { docker }, options("-state"));
        const server = new DnsServer(
            resource,
            {
                image: imageOn(name, docker).name,
                volume: volume.name,
                publicNetwork: publicNetwork.name,
                publicSubnet: publicNetwork.addressSpace,
                address,
                publish,
                resolvers,
                docker,
            },
            { ...options(), dependsOn: before?.configuration },
        );
        const agent = new DnsAgent(`${resource}-agent`, { server: server.name, docker }, options("-agent"));
        // From the agent and not the server, so that whoever talks to the server waits until somebody answers.
        const configuration = new DnsConfiguration(
            `${resource}-configuration`,
            { server: agent.server, ...zones, docker },
            { ...options("-configuration"), dependsOn: prerequisites(inventory) },
        );
        before = { name, server, configuration };
        return before;
    });
}

/**
 * Nobody is sent to a cloud service before its load balancer serves; one that the program makes later is not waited for.
 */
function prerequisites({ policies, cloudServices }: Inventory): pulumi.Resource[] {
    const balancers = cloudServices.map(({ given }) => factsOf(given, "CloudService")?.loadBalancer?.resource);
    return [...policies.map(({ resource }) => resource), ...balancers.filter((balancer) => balancer !== undefined)];
}

/** Servers on one Docker host share their image, so it is built once. */
function imagesByHost(manager: string, child: pulumi.CustomResourceOptions) {
    const images: Record<string, RuntimeImage> = {};
    return (server: string, docker: DockerArgs | DockerProvider | undefined): RuntimeImage => {
        const name = `${manager}-image${hostIsEventual(docker) ? `-${server}` : hostOf(docker)}`;
        return (images[name] ??= new RuntimeImage(name, { runtime: "dns", docker }, child));
    };
}
