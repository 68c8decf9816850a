import * as pulumi from "@pulumi/pulumi";
import { canonicalName } from "../model/dns/names";
import { cloudServiceName } from "../model/dns/target";
import type { PublishedAddress } from "../model/resources/publishedAddress";
import type { CloudService } from "./cloudService";
import { brand, factsOf, isKind, kindOf } from "./internal/brand";
import { describe, messageOf, problemsOfArguments, refuse } from "./internal/problems";
import type { CloudServiceReference } from "./traffic/endpointArgs";
import { inventoryOf } from "./traffic/inventory";
import type { TrafficManagerArgs } from "./traffic/managerArgs";
import { MANAGER_PROPERTIES, problemsOfTrafficManager } from "./traffic/managerProblems";
import { planServers } from "./traffic/nameServers";
import type { NameServer, TrafficPolicyStatus } from "./traffic/outputs";
import { isSameCloudService, knownCloudService, problemsOfCloudService } from "./traffic/references";
import { makeServers, type MadeServer } from "./traffic/servers";
import { resolveZones } from "./traffic/zones";
import type { TrafficPolicy } from "./trafficPolicy";

/**
 * The authoritative DNS service of traffic policies: one or several servers that probe the policies' endpoints and
 * answer for the zone of the policies and the zone of the cloud services.
 *
 * A resolver finds them when the zone above delegates to them: an NS record for each of `nameServers`, with its addresses
 * as glue. `www.contoso.com` then follows a policy by a CNAME to `trafficManager.fqdn(policy)`.
 *
 * What transforms and `ignoreChanges` make of a policy is what it serves; of a monitor, or endpoints, that hold a secret
 * it serves what the program gives. An update of a server alone (`--target`) serves the policies as their rows are.
 *
 * The preview shows what each server will serve, resolved, so one edit shows as one change
 * (`~ policies.contoso.endpoints.east.weight: 10 => 20`). A server whose container is replaced (by an upgrade of its
 * image, another address or another published port) answers nobody for about 1.3 seconds; give two, and the other one
 * answers.
 *
 * @example
 * ```ts
 * const dns = new switchyard.TrafficManager("contoso", {
 *     domain: "trafficmanager.example",
 *     cloudServiceDomain: "cloudapp.example",
 *     policies: [policy],
 *     publish: { address: "127.0.0.1", port: 5353 },
 * });
 * export const name = dns.fqdn(policy); // www.contoso.com IN CNAME contoso.trafficmanager.example
 * ```
 */
export class TrafficManager extends pulumi.ComponentResource {
    /** The servers as the zone above delegates to them, by their names in the program. */
    readonly nameServers: pulumi.Output<Record<string, NameServer>>;
    /** Each server's address on its public network. */
    readonly addresses: pulumi.Output<Record<string, string>>;
    /** What `publish` of each server opened on its Docker host. */
    readonly publishedAddresses: pulumi.Output<Record<string, PublishedAddress[]>>;
    /**
     * Status of each policy and its endpoints, by the policies' names in the program, as the first server saw it when it
     * was last applied or refreshed.
     */
    readonly status: pulumi.Output<Record<string, TrafficPolicyStatus>>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: TrafficManagerArgs, options?: pulumi.ComponentResourceOptions) {
        refuse(problemsOfArguments(args, MANAGER_PROPERTIES, problemsOfTrafficManager), TYPE, name, options);
        super(TYPE, name, plainInputs(args), options);
        const child = { parent: this };
        const { domain, cloudServiceDomain, resolvers } = args;

        const inventory = inventoryOf(args);
        const plans = planServers(name, args, child, options?.aliases);
        const nameServers = Object.fromEntries(plans.map((plan) => [plan.name, plan.nameServer]));
        const zones = resolveZones(args, inventory, nameServers);
        const servers = makeServers(name, plans, { zones, inventory, resolvers }, child);

        if (typeof domain === "string")
            for (const { domains } of inventory.policies)
                domains.push({ trafficManager: name, domain: canonicalName(domain) });
        brand(this, "TrafficManager", { name, domain, cloudServiceDomain, inventory });

        const [first] = servers as [MadeServer, ...MadeServer[]];
        const byName = <T>(value: (server: MadeServer) => pulumi.Output<T>): pulumi.Output<Record<string, T>> =>
            pulumi.all(Object.fromEntries(servers.map((server) => [server.name, value(server)]))) as never;
        this.nameServers = first.configuration.nameServers;
        this.addresses = byName(({ server }) => server.address);
        this.publishedAddresses = byName(({ server }) => server.publishedAddresses);
        this.status = first.configuration.status;
        this.registerOutputs({
            nameServers: this.nameServers,
            addresses: this.addresses,
            publishedAddresses: this.publishedAddresses,
        });
    }

    /**
     * The whole DNS name of a policy, or of a cloud service, that this traffic manager serves; without a dot at the end.
     *
     * @throws pulumi.ResourceError when it serves no such thing
     */
    fqdn(of: TrafficPolicy | CloudService | CloudServiceReference): pulumi.Output<string> {
        const { domain, cloudServiceDomain, inventory } = factsOf(this, "TrafficManager")!;
        const policy = factsOf(of, "TrafficPolicy");
        if (policy) {
            if (!inventory.policies.includes(policy)) throw unserved(this, `traffic policy ${policy.name}`);
            return pulumi
                .all([policy.settings.prefix, domain])
                .apply(([prefix, zone]) => canonicalName(`${prefix as string}.${zone}`));
        }
        if (problemsOfCloudService("fqdn", of).length > 0) throw unserved(this, describe(of));
        const service = knownCloudService(of as CloudService | CloudServiceReference);
        // A reference says who is meant by the name alone: an Output that is asked for twice is not the same one.
        const isServed = inventory.cloudServices.some(
            (other) => isSameCloudService(service, other) || (other.name === service.name && !kindOf(of)),
        );
        if (!isServed || cloudServiceDomain === undefined) throw unserved(this, `cloud service ${service.name}`);
        return pulumi.output(cloudServiceDomain).apply((zone) => cloudServiceName(service.name, canonicalName(zone)));
    }

    /** Whether the value is a traffic manager, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is TrafficManager {
        return isKind(value, "TrafficManager");
    }
}

const TYPE = "switchyard:index:TrafficManager";

function unserved(manager: TrafficManager, what: string): Error {
    const problem = `fqdn: must be given a policy or cloud service that the traffic manager serves (got ${what})`;
    return new pulumi.ResourceError(
        messageOf([problem], TYPE, factsOf(manager, "TrafficManager")!.name),
        manager,
        true,
    );
}

/** A component's inputs land in state as they are, so no resource may be among them. */
function plainInputs(args: TrafficManagerArgs): pulumi.Inputs {
    const { domain, cloudServiceDomain, publish, soa, addressTtlSeconds, geoDatabase, resolvers } = args;
    return { domain, cloudServiceDomain, publish, soa, addressTtlSeconds, geoDatabase, resolvers };
}
