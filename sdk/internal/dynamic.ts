import * as pulumi from "@pulumi/pulumi";
import { plainDocker, problemsOfDocker, type DockerArgs, type DockerProvider } from "../docker";
import { registryAuthOf } from "../registryAuth";
import { refuse } from "./problems";

/** The resources whose provider is in this package, each with the name by which `provider/v1` knows it. */
const PROVIDERS = {
    PublicNetwork: "publicNetwork",
    PrivateNetwork: "privateNetwork",
    RuntimeImage: "runtimeImage",
    RuntimeVolume: "runtimeVolume",
    Gateway: "gateway",
    BalancerAgent: "balancerAgent",
    VirtualMachine: "virtualMachine",
    ContainerAttachment: "containerAttachment",
    Endpoint: "endpoint",
    EndpointPool: "endpointPool",
    LoadBalancedSet: "loadBalancedSet",
    LoadBalancer: "loadBalancer",
    GalleryImage: "galleryImage",
    TrafficPolicy: "trafficPolicy",
    DnsServer: "dnsServer",
    DnsAgent: "dnsAgent",
    DnsConfiguration: "dnsConfiguration",
} as const;

export type DynamicType = keyof typeof PROVIDERS;

/** Those for which an image may be pulled; nobody else needs to know by whom. */
const PULLS: ReadonlySet<DynamicType> = new Set(["VirtualMachine", "GalleryImage", "RuntimeImage"]);

export function typeToken(type: DynamicType): string {
    return `pulumi-nodejs:dynamic/switchyard:${type}`;
}

/**
 * The properties with which a resource registers: its inputs, and what its provider needs.
 *
 * `__provider` is the same text for ever: nothing is serialised, and old state always runs the installed package.
 * `__urn` is how the provider learns whose row its progress belongs to. Outputs must be named, or none are made.
 */
export function properties(
    type: DynamicType,
    name: string,
    inputs: pulumi.Inputs,
    outputs: readonly string[],
    options: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
    refuse(problemsOfDocker(inputs["docker"]), typeToken(type), name, options);
    const docker = inputs["docker"] as DockerArgs | DockerProvider | undefined;
    return {
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...inputs,
        ...("docker" in inputs ? { docker: plainDocker(docker) } : {}),
        ...(PULLS.has(type) ? { registryAuth: registryAuthOf(docker) } : {}),
        __urn: withoutDependencies(pulumi.createUrn(name, typeToken(type), options?.parent)),
        __provider: `exports.handler = () => require("pulumi-switchyard/provider/v1").${PROVIDERS[type]};`,
    };
}

/** A URN depends on its parent's, and to depend on a component is to wait for all its children: also for this one. */
function withoutDependencies(urn: pulumi.Output<string>): Promise<string> {
    return new Promise((resolve) => urn.apply(resolve));
}
