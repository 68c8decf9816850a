import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { accessInputs } from "../access";
import type { DockerArgs, DockerProvider } from "../docker";
import type { Inventory } from "../traffic/inventory";
import type { KnownCloudService } from "../traffic/references";
import type { TrafficPolicy } from "../trafficPolicy";

/**
 * What the resources of this package say to each other. It hangs on them under a symbol that every copy of the package
 * shares, because `instanceof` is false across copies, and does not show when a program exports a resource.
 */
const BRAND = Symbol.for("pulumi-switchyard/resource");

export interface Brands {
    PublicNetwork: {
        name: string;
        /** Alike for those that are one Docker network, as far as the program tells. */
        place: string;
    };
    CloudService: {
        name: string;
        docker: DockerArgs | DockerProvider | undefined;
        addressing: Addressing;
        /** By which clients outside reach it. */
        advertisedAddress: Input<string>;
        location: Input<string> | undefined;
        /** Once the program has made one. */
        loadBalancer?: { name: string; resource: Resource };
        /** What to do instead of making a second load balancer, where that is not plain. */
        instead?: string;
    };
    VirtualMachine: { name: string; cloudService: object; machine: Machine };
    Endpoint: { name: string; cloudService: object; settings: EndpointSettings };
    EndpointPool: {
        name: string;
        cloudService: object;
        settings: EndpointPoolSettings;
        ports: Output<Record<string, number>>;
        machines: Record<string, Machine>;
    };
    LoadBalancedSet: {
        name: string;
        cloudService: object;
        settings: LoadBalancedSetSettings;
        machines: Record<string, Machine & MemberShare>;
    };
    LoadBalancer: { name: string };
    GalleryImage: { name: string };
    TrafficPolicy: {
        name: string;
        method: string;
        /** Traffic managers apply it only after its own row has accepted it. */
        resource: Resource;
        /** What a traffic manager applies. */
        settings: TrafficPolicySettings;
        cloudServices: readonly KnownCloudService[];
        /** Those that are its endpoints. */
        policies: readonly TrafficPolicy[];
        /** Whether it has a `timeToDivert`: it, or one nested in it, probes. */
        probes: boolean;
        /** The zones in which it is, as far as the program gives them in plain. */
        domains: { trafficManager: string; domain: string }[];
    };
    TrafficManager: {
        name: string;
        domain: Input<string>;
        cloudServiceDomain: Input<string> | undefined;
        inventory: Inventory;
    };
}

/** The private network of a cloud service. */
export interface Addressing {
    readonly addressSpace: Output<string>;
    readonly gatewayAddress: Output<string>;
    readonly internalVirtualIp: Output<string>;
}

/** What the members of sets need to know of a virtual machine. */
export interface Machine {
    readonly container: Output<string>;
    readonly state: Output<string>;
}

/** A machine's part in a set, as far as the program gives it. */
export interface MemberShare {
    readonly weight?: Input<unknown>;
    readonly adminState?: Input<unknown>;
    readonly priority?: Input<unknown>;
}

export type Kind = keyof Brands;

/** What a load balancer applies for an endpoint. */
export type EndpointSettings = AccessSettings &
    Record<"protocol" | "publicPort" | "privatePort" | "container", Output<unknown>>;
/** What it applies for each machine of a pool. */
export type EndpointPoolSettings = AccessSettings & Record<"protocol" | "privatePort", Output<unknown>>;
/** What it applies for a set, apart from who is in it. */
export type LoadBalancedSetSettings = AccessSettings &
    Record<
        | "protocol"
        | "publicPort"
        | "privatePort"
        | "internal"
        | "probe"
        | "allDown"
        | "passiveDetection"
        | "drainSeconds"
        | "distribution"
        | "resetOnDown"
        | "sourcePrefixLength"
        | "affinityGroup",
        Output<unknown>
    >;

/** What a traffic manager applies for a policy. What it refers to has its name. */
export interface TrafficPolicySettings extends Record<
    "prefix" | "enabled" | "ttlSeconds" | "monitor" | "maxReturn" | "fallback" | "endpoints",
    Output<unknown>
> {
    readonly method: string;
}

type AccessSettings = Record<keyof ReturnType<typeof accessInputs>, Output<unknown>>;

export function brand<K extends Kind>(resource: object, kind: K, facts: Brands[K]): void {
    Object.defineProperty(resource, BRAND, { value: { kind, facts } });
}

export function isKind(value: unknown, kind: Kind): boolean {
    return read(value)?.kind === kind;
}

/** What the resource said of itself, if it is one of that kind. */
export function factsOf<K extends Kind>(value: unknown, kind: K): Brands[K] | undefined {
    const found = read(value);
    return found?.kind === kind ? (found.facts as Brands[K]) : undefined;
}

/** The kind of any resource of this package. */
export function kindOf(value: unknown): Kind | undefined {
    return read(value)?.kind;
}

function read(value: unknown): { kind: Kind; facts: Brands[Kind] } | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as { [BRAND]?: { kind: Kind; facts: Brands[Kind] } })[BRAND];
}
