import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "./docker";
import { existingName, type ExistingNetwork } from "./existing";
import { brand, isKind } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { declaredBefore } from "./internal/earlier";
import { isEventual, problemsOfArguments, refuse, type Properties } from "./internal/problems";
import { hostIsEventual, hostOf } from "./internal/shared";

/** Which network a `PublicNetwork` is; every field may be left out. */
export interface PublicNetworkArgs {
    /**
     * The range of IPv4 addresses from which cloud services take their VIPs, in CIDR notation: `/8` to `/29`.
     *
     * It must not overlap with another network of the Docker host, nor with what the host routes elsewhere. A change
     * replaces the network, and with it the gateways on it.
     *
     * @default a `/24` of `10.224.0.0/12` that follows from project, stack and name, so it is the same on every machine
     * @example "203.0.113.0/24"
     */
    addressSpace?: pulumi.Input<string>;

    /**
     * A Docker network that exists, by name or as a `docker.Network`: it is used, and never changed or deleted. It needs
     * a subnet that was asked for (`ipamConfigs`), because Docker gives fixed addresses in no other.
     *
     * With a `macvlan` network, VIPs are addresses of your LAN. Do not give `addressSpace` with it: it is read from
     * Docker. A change replaces the gateways on it.
     *
     * @default a new bridge network
     * @example "lan"
     */
    existing?: pulumi.Input<string> | ExistingNetwork;

    /**
     * The Docker Engine on which the network is: its address, or a `docker.Provider` of `@pulumi/docker`. Another
     * engine replaces the network.
     *
     * @default what the `docker` command would use: `DOCKER_HOST`, the current context, or the local socket
     */
    docker?: pulumi.Input<DockerArgs> | DockerProvider;
}

/**
 * The network on which the public addresses (VIPs) of cloud services are.
 *
 * Every cloud service has one without your doing: the services of a stack on one Docker host share a bridge that is
 * made with the first of them. Declare one yourself to choose its addresses or to use a network that exists.
 *
 * @example
 * ```ts
 * const lan = new switchyard.PublicNetwork("lan", { existing: "lan" });
 * const service = new switchyard.CloudService("contoso", { publicNetwork: lan, virtualIp: "192.168.1.40" });
 * ```
 */
export class PublicNetwork extends pulumi.CustomResource {
    /** Name of the Docker network. */
    declare readonly name: pulumi.Output<string>;
    /** Its range of addresses. */
    declare readonly addressSpace: pulumi.Output<string>;
    /** Docker's id of it. */
    declare readonly networkId: pulumi.Output<string>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: PublicNetworkArgs = {}, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("PublicNetwork");
        refuse(
            problemsOfArguments(args, PROPERTIES, () => []),
            type,
            name,
            options,
        );
        const earlier =
            args.existing === undefined ? declaredBefore("public networks", name, args.addressSpace) : undefined;
        const inputs = {
            name: undefined,
            earlier,
            addressSpace: args.addressSpace,
            existing: args.existing === undefined ? undefined : existingName(args.existing),
            docker: args.docker,
        };
        super(type, name, properties("PublicNetwork", name, inputs, ["networkId"], options), options);
        brand(this, "PublicNetwork", { name, place: placeOf(name, args) });
    }

    /** Whether the value is a public network, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is PublicNetwork {
        return isKind(value, "PublicNetwork");
    }
}

/** Several resources may stand for one network that exists. */
function placeOf(name: string, { existing, docker }: PublicNetworkArgs): string {
    if (typeof existing !== "string" || isEventual(docker)) return name;
    const plain = docker as DockerArgs | DockerProvider | undefined;
    // A colon, so that no resource's name is taken for it.
    return hostIsEventual(plain) ? name : `existing::${existing}${hostOf(plain)}`;
}

const PROPERTIES: Properties<PublicNetworkArgs> = {
    addressSpace: true,
    existing: true,
    docker: true,
};
