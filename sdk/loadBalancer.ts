import * as pulumi from "@pulumi/pulumi";
import type { CloudService } from "./cloudService";
import type { Endpoint } from "./endpoint";
import type { EndpointPool } from "./endpointPool";
import { brand, factsOf, isKind, kindOf, type Brands } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { nameOfCloudService, repeated } from "./internal/members";
import { describe, notA, problemsOfArguments, refuse, type Problem, type Properties } from "./internal/problems";
import type { LoadBalancedSet } from "./loadBalancedSet";
import { resolve, type ResolvableEndpoint } from "./resolve";

/** What a `LoadBalancer` applies, and where. */
export interface LoadBalancerArgs {
    /** The cloud service whose gateway serves the endpoints. A cloud service has one load balancer. */
    cloudService: CloudService;

    /**
     * All endpoints, endpoint pools and load-balanced sets of the cloud service, at least one. They are applied as a whole: either all
     * of the new configuration serves, or the old one still does and the update fails.
     */
    endpoints: (Endpoint | EndpointPool | LoadBalancedSet)[];

    /**
     * Seconds, 0 to 3600, that new members may take to become healthy. After them the update fails, says which member
     * is missing and why, and the old configuration serves on.
     *
     * @default 120
     */
    waitSeconds?: pulumi.Input<number>;

    /**
     * Serves metrics to the machines of the cloud service: `http://<private gateway>:<port>/metrics`, in Prometheus' text
     * format 0.0.4. The private gateway is the machines' default route, the first address of `addressSpace`; nobody
     * outside reaches it, and `{}` means all defaults.
     *
     * While it is given, bytes and packets are counted as well, which each packet pays for; connections, refusals, health
     * and probes are always counted and cost open connections nothing. All counters begin at 0 when the gateway's agent
     * starts, as after an upgrade of the package. A change takes effect in place.
     *
     * @default no metrics, no counting of bytes and packets
     * @example { port: 9580 }
     */
    metrics?: pulumi.Input<MetricsArgs>;
}

/** Where a `LoadBalancer` serves metrics. */
export interface MetricsArgs {
    /**
     * TCP port on the cloud service's private gateway, 1 to 65535. A change takes effect in place. A port that is in use
     * there shows as a problem in the gateway's status, and all else is served.
     *
     * @default 9580
     */
    port?: pulumi.Input<number>;
}

/**
 * Applies the endpoints and load-balanced sets of a cloud service to its gateway.
 *
 * Its preview shows what will serve, resolved, as maps from names to settings, so one edit shows as one change:
 * `~ loadBalancedSets.http.probe.intervalSeconds: 15 => 5`. When a virtual machine is replaced, the update waits until
 * the new one is healthy, moves new connections over, lets the old one finish (`drainSeconds`), and only then is it
 * deleted. Deleting the load balancer ends the service of its endpoints.
 *
 * What transforms and `ignoreChanges` make of an endpoint or set is what it applies; of settings that hold a secret it
 * applies what the program gives. An update of the load balancer alone (`--target`) applies the others as their rows are.
 *
 * Of a probe that holds a secret it shows only whether that changes: the row of its set tells what.
 *
 * @example
 * ```ts
 * new switchyard.LoadBalancer("contoso", { cloudService: service, endpoints: [http, ssh] });
 * ```
 */
export class LoadBalancer extends pulumi.CustomResource {
    /** Counts the configurations that the gateway has served. */
    declare readonly revision: pulumi.Output<number>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: LoadBalancerArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("LoadBalancer");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const { cloudService, endpoints, waitSeconds, metrics } = args;
        const service = factsOf(cloudService, "CloudService")!;
        const inputs = {
            gateway: cloudService.gateway,
            privateNetwork: cloudService.privateNetwork,
            ...resolve(
                endpoints.flatMap((endpoint) =>
                    [factsOf(endpoint, "Endpoint") ?? [], endpointsOfPool(endpoint)].flat(),
                ),
                endpoints.flatMap((endpoint) => factsOf(endpoint, "LoadBalancedSet") ?? []),
            ),
            waitSeconds,
            metrics,
            docker: service.docker,
        };
        super(type, name, properties("LoadBalancer", name, inputs, ["revision"], options), options);
        brand(this, "LoadBalancer", { name });
        service.loadBalancer = { name, resource: this };
    }

    /** Whether the value is a load balancer, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is LoadBalancer {
        return isKind(value, "LoadBalancer");
    }
}

const PROPERTIES: Properties<LoadBalancerArgs> = {
    cloudService: true,
    endpoints: true,
    waitSeconds: true,
    metrics: true,
};

function problemsOf({ cloudService, endpoints }: LoadBalancerArgs): Problem[] {
    const problems = [...notA("CloudService", "cloudService", cloudService), ...secondOf(cloudService)];
    if (endpoints === undefined) return [...problems, "endpoints: is required"];
    if (!Array.isArray(endpoints))
        return [
            ...problems,
            `endpoints: must be a list of Endpoints, EndpointPools and LoadBalancedSets (got ${describe(endpoints)})`,
        ];
    if (endpoints.length === 0)
        return [...problems, "endpoints: must have at least one Endpoint, EndpointPool or LoadBalancedSet (got [])"];
    const wrong = endpoints.flatMap((endpoint, index) =>
        kindOfEndpoint(endpoint)
            ? []
            : [
                  `endpoints[${index}]: must be an Endpoint, an EndpointPool or a LoadBalancedSet (got ${describe(endpoint)})`,
              ],
    );
    if (problems.length + wrong.length > 0) return [...problems, ...wrong];
    return [
        ...endpoints.flatMap((endpoint, index) => strangerTo(cloudService, endpoint, index)),
        ...repeated("endpoints", endpoints.map(label), "each has a name of its own"),
        ...shadowed(endpoints),
    ];
}

/** Each applies the whole configuration, so two would undo each other's at every update. */
function secondOf(cloudService: CloudService): Problem[] {
    const service = factsOf(cloudService, "CloudService");
    if (service?.loadBalancer === undefined) return [];
    return [
        `cloudService: must have one load balancer (got cloud service ${service.name}, whose load balancer is ` +
            `${service.loadBalancer.name}: ` +
            `${service.instead ?? "list these endpoints there"})`,
    ];
}

function strangerTo(cloudService: CloudService, endpoint: unknown, index: number): Problem[] {
    const theirs = factsOfEndpoint(endpoint).cloudService;
    if (theirs === cloudService) return [];
    return [
        `endpoints[${index}]: must lead to virtual machines of cloud service ${nameOfCloudService(cloudService)} ` +
            `(got ${label(endpoint)} of cloud service ${nameOfCloudService(theirs)})`,
    ];
}

/** Each machine of a pool has an endpoint, named after both. */
function endpointsOfPool(endpoint: unknown): ResolvableEndpoint<unknown>[] {
    const pool = factsOf(endpoint, "EndpointPool");
    if (!pool) return [];
    return Object.entries(pool.machines).map(([machine, { container }]) => {
        const publicPort = pool.ports.apply((ports) => ports?.[machine]);
        return { name: `${pool.name}/${machine}`, settings: { ...pool.settings, publicPort, container } };
    });
}

/** An endpoint may be called as one of a pool's. */
function shadowed(endpoints: readonly unknown[]): Problem[] {
    const ofPools = new Set(endpoints.flatMap(endpointsOfPool).map(({ name }) => name));
    return endpoints.flatMap((endpoint, index) => {
        const name = factsOf(endpoint, "Endpoint")?.name;
        if (name === undefined || !ofPools.has(name)) return [];
        return [`endpoints[${index}]: must not be named as an endpoint of a pool (got endpoint ${name})`];
    });
}

const KINDS = {
    Endpoint: "endpoint",
    EndpointPool: "endpoint pool",
    LoadBalancedSet: "load-balanced set",
} as const;

function kindOfEndpoint(endpoint: unknown): string | undefined {
    return (KINDS as Partial<Record<string, string>>)[kindOf(endpoint) ?? ""];
}

function factsOfEndpoint(endpoint: unknown): Brands[keyof typeof KINDS] {
    return (factsOf(endpoint, "Endpoint") ??
        factsOf(endpoint, "EndpointPool") ??
        factsOf(endpoint, "LoadBalancedSet"))!;
}

/** `load-balanced set http` */
function label(endpoint: unknown): string {
    return `${kindOfEndpoint(endpoint)} ${factsOfEndpoint(endpoint).name}`;
}
