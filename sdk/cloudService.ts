import * as pulumi from "@pulumi/pulumi";
import { canonicalPublish } from "../model/resources/publish";
import { plainDocker, type DockerArgs, type DockerProvider } from "./docker";
import type { ExistingNetwork } from "./existing";
import { BalancerAgent } from "./gateway/balancerAgent";
import { Gateway } from "./gateway/gateway";
import { PrivateNetwork } from "./gateway/privateNetwork";
import { RuntimeImage } from "./runtime/runtimeImage";
import { RuntimeVolume } from "./runtime/runtimeVolume";
import { brand, isKind } from "./internal/brand";
import { addressedBefore, choosePublicNetwork, problemsOfPublicNetwork } from "./internal/publicNetworkOf";
import { problemsOfArguments, refuse, type Properties } from "./internal/problems";
import type { PublicNetwork } from "./publicNetwork";
import type { PublishArgs } from "./publish";
import type { PublishedAddress } from "../model/resources/publishedAddress";

/** What a `CloudService` is made of; every field may be left out. */
export interface CloudServiceArgs {
    /**
     * The range of IPv4 addresses of the cloud service's virtual machines, in CIDR notation: `/8` to `/29`.
     *
     * It is seen by these machines only, but must not overlap with another network of the Docker host. A change
     * replaces the private network, the gateway and the machines, with an interruption. A cloud service that is renamed
     * keeps it, and all else, with `aliases: [{ name: "its old name" }]` among its resource options; without, the new
     * one is made before the old one goes, which address spaces and published ports forbid.
     *
     * @default a `/24` of `10.64.0.0/10` that follows from project, stack and name, so it is the same on every machine
     * @example "10.80.1.0/24"
     */
    addressSpace?: pulumi.Input<string>;

    /**
     * The network on which the VIP is: a `PublicNetwork`, or the name of a Docker network that exists (also as a
     * `docker.Network`). A change replaces the gateway, with an interruption of about a second.
     *
     * @default a network named `public` that the cloud services of the stack on one Docker host share
     * @example "lan"
     */
    publicNetwork?: PublicNetwork | pulumi.Input<string> | ExistingNetwork;

    /**
     * The public address of the cloud service (VIP): an address of the public network that nobody else has. A change
     * replaces the gateway, with an interruption of about a second.
     *
     * @default an address of the public network that follows from the name, so it stays when the gateway is replaced
     * @example "203.0.113.10"
     */
    virtualIp?: pulumi.Input<string>;

    /**
     * Ports of the Docker host that lead to the VIP, for clients that have no route to the public network.
     *
     * Docker fixes them when it makes a container, so a change replaces the gateway: about a second without service, as
     * a line of the preview says. Established TCP connections to the VIP itself survive it; those through published
     * ports, which Docker may carry in a process of its own, and outbound flows of the virtual machines do not.
     *
     * A virtual machine sees the gateway's address instead of the client's on connections through a published
     * loopback port.
     *
     * @default none
     * @example { address: "127.0.0.1", ports: [80, "8443:443"] }
     */
    publish?: pulumi.Input<PublishArgs>;

    /**
     * The address by which clients outside the Docker host reach the cloud service, when that is not its VIP (behind a
     * router, say): what its DNS name is answered with, and where traffic policies probe it. An IPv4 or IPv6 address. A
     * change takes effect in place.
     *
     * @default the VIP
     * @example "203.0.113.10"
     */
    advertisedAddress?: pulumi.Input<string>;

    /**
     * The region in which it is, for traffic policies by `Performance`: one of the built-in table, named as Azure's
     * regions are, or one of the traffic manager's `locations`. A change takes effect in place.
     *
     * @default none
     * @example "eastus"
     */
    location?: pulumi.Input<string>;

    /**
     * The Docker Engine on which the cloud service and its virtual machines live: its address, or a `docker.Provider`
     * of `@pulumi/docker`. Another engine replaces all of them; another way to the
     * same one is an update in place.
     *
     * @default what the `docker` command would use: `DOCKER_HOST`, the current context, or the local socket
     * @example { host: "ssh://admin@east.example" }
     */
    docker?: DockerArgs | DockerProvider;
}

/**
 * A private network of virtual machines, one public address (VIP), and the gateway through which all other inbound and
 * all outbound traffic goes.
 *
 * The machines of a cloud service reach each other by name and private address without any endpoint, and the outside
 * world through the gateway, which hides them behind the VIP. Nobody outside reaches them but through the endpoints and
 * load-balanced sets that a `LoadBalancer` applies.
 *
 * @example
 * ```ts
 * const service = new switchyard.CloudService("contoso", {
 *     publish: { address: "127.0.0.1", ports: ["8080:80"] },
 * });
 * export const publicAddress = service.virtualIp;
 * ```
 */
export class CloudService extends pulumi.ComponentResource {
    /** Its name. */
    readonly name: pulumi.Output<string>;
    /** Its public address. */
    readonly virtualIp: pulumi.Output<string>;
    /** The address by which clients outside reach it: the VIP, unless it was given another. */
    readonly advertisedAddress: pulumi.Output<string>;
    /** The private address of its internal load-balanced sets, reached by its virtual machines only. */
    readonly internalVirtualIp: pulumi.Output<string>;
    /** Name of the Docker network on which its virtual machines are. */
    readonly privateNetwork: pulumi.Output<string>;
    /** What `publish` opened on the Docker host. */
    readonly publishedAddresses: pulumi.Output<PublishedAddress[]>;
    /** Name of the gateway's container; known once it takes configuration. */
    readonly gateway: pulumi.Output<string>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: CloudServiceArgs = {}, options?: pulumi.ComponentResourceOptions) {
        refuse(problemsOfArguments(args, PROPERTIES, problemsOfPublicNetwork), TYPE, name, options);
        super(TYPE, name, plainInputs(args), options);
        const child = { parent: this };
        const { docker } = args;

        const publicNetwork = choosePublicNetwork(name, args, child);
        const privateNetwork = new PrivateNetwork(
            `${name}-private`,
            { addressSpace: args.addressSpace, sortsAfter: publicNetwork.name, docker },
            child,
        );
        const image = new RuntimeImage(`${name}-image`, { docker }, child);
        const volume = new RuntimeVolume(`${name}-state`, { docker }, child);
        const gateway = new Gateway(
            `${name}-gateway`,
            {
                image: image.name,
                volume: volume.name,
                publicNetwork: publicNetwork.name,
                publicSubnet: publicNetwork.addressSpace,
                virtualIp: args.virtualIp,
                earlier: addressedBefore(publicNetwork, "gateways", `${name}-gateway`, args.virtualIp),
                privateNetwork: privateNetwork.name,
                privateSubnet: privateNetwork.addressSpace,
                privateGateway: privateNetwork.gatewayAddress,
                internalVirtualIp: privateNetwork.internalVirtualIp,
                publish: args.publish,
                docker,
            },
            child,
        );
        const agent = new BalancerAgent(`${name}-agent`, { gateway: gateway.name, docker }, child);

        this.name = pulumi.output(name);
        this.virtualIp = gateway.virtualIp;
        this.advertisedAddress = pulumi.output(args.advertisedAddress ?? gateway.virtualIp);
        this.internalVirtualIp = privateNetwork.internalVirtualIp;
        this.privateNetwork = privateNetwork.name;
        this.publishedAddresses = gateway.publishedAddresses;
        // From the agent and not the gateway, so that whoever talks to the gateway waits until somebody answers.
        this.gateway = agent.gateway;
        brand(this, "CloudService", {
            name,
            docker,
            addressing: {
                addressSpace: privateNetwork.addressSpace,
                gatewayAddress: privateNetwork.gatewayAddress,
                internalVirtualIp: privateNetwork.internalVirtualIp,
            },
            advertisedAddress: this.advertisedAddress,
            location: args.location,
        });
        this.registerOutputs({
            name: this.name,
            virtualIp: this.virtualIp,
            // Only where it is given, so that other programs' states stay as they are.
            advertisedAddress: args.advertisedAddress,
            internalVirtualIp: this.internalVirtualIp,
            privateNetwork: this.privateNetwork,
            publishedAddresses: this.publishedAddresses,
            gateway: this.gateway,
        });
    }

    /** Whether the value is a cloud service, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is CloudService {
        return isKind(value, "CloudService");
    }
}

const TYPE = "switchyard:index:CloudService";

const PROPERTIES: Properties<CloudServiceArgs> = {
    addressSpace: true,
    publicNetwork: true,
    virtualIp: true,
    publish: true,
    advertisedAddress: true,
    location: true,
    docker: true,
};

/** A component's inputs land in state as they are, so no resource may be among them. */
function plainInputs(args: CloudServiceArgs): pulumi.Inputs {
    const { addressSpace, virtualIp, publish, advertisedAddress, location, docker } = args;
    return {
        ...{ addressSpace, virtualIp, advertisedAddress, location },
        // Its gateway's row shows no change of order or spelling either.
        publish: publish && pulumi.output(publish).apply(canonicalPublish),
        docker: plainDocker(docker),
    };
}
