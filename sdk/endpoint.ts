import * as pulumi from "@pulumi/pulumi";
import { ACCESS_PROPERTIES, accessInputs, accessProblems, type AccessArgs } from "./access";
import { brand, factsOf, isKind } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { notA, problemsOfArguments, refuse, type Problem, type Properties } from "./internal/problems";
import { allRegistered } from "./internal/registered";
import type { VirtualMachine } from "./virtualMachine";

/** What an `Endpoint` leads to. */
export interface EndpointArgs extends AccessArgs {
    /** The virtual machine that answers. A change takes effect in place; established connections stay where they are. */
    virtualMachine: VirtualMachine;

    /** `"tcp"` or `"udp"`. A change takes effect in place. */
    protocol: pulumi.Input<"tcp" | "udp">;

    /**
     * Port on the VIP, 1 to 65535, or a range of ports. In a cloud service, a protocol and public port have one owner.
     * A change takes effect in place.
     *
     * @example "5000-5010"
     */
    publicPort: pulumi.Input<number | string>;

    /**
     * Port on the virtual machine, 1 to 65535; for a range of public ports, a range of as many, the first of which is
     * reached by the first, and so on. A change takes effect in place.
     *
     * @default the public port or ports
     */
    privatePort?: pulumi.Input<number | string>;
}

/**
 * A protocol and port of a cloud service's VIP that lead to one virtual machine.
 *
 * An endpoint declares: it takes effect through the `LoadBalancer` that lists it. The machine sees the client's own
 * address, except for clients on the public network itself (the Docker host is one) and for machines of the same cloud
 * service, which it sees as the gateway.
 *
 * @example
 * ```ts
 * const ssh = new switchyard.Endpoint("ssh", {
 *     virtualMachine: web1,
 *     protocol: "tcp",
 *     publicPort: 2201,
 *     privatePort: 22,
 * });
 * ```
 */
export class Endpoint extends pulumi.CustomResource {
    /** `"tcp"` or `"udp"`. */
    declare readonly protocol: pulumi.Output<"tcp" | "udp">;
    /** Port on the VIP; a text such as `"5000-5010"` for a range. */
    declare readonly publicPort: pulumi.Output<number | string>;
    /** Port on the virtual machine, or as many ports as are public. */
    declare readonly privatePort: pulumi.Output<number | string>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: EndpointArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("Endpoint");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const { name: machineName, cloudService, machine } = factsOf(args.virtualMachine, "VirtualMachine")!;
        const inputs = {
            privatePort: undefined,
            ...args,
            ...accessInputs(args),
            virtualMachine: machineName,
            container: machine.container,
        };
        super(type, name, properties("Endpoint", name, inputs, [], options), options);
        const { protocol, publicPort, privatePort } = this;
        const access = allRegistered(this, accessInputs(args));
        const settings = { protocol, publicPort, privatePort, ...access, container: machine.container };
        brand(this, "Endpoint", { name, cloudService, settings });
    }

    /** Whether the value is an endpoint, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is Endpoint {
        return isKind(value, "Endpoint");
    }
}

const PROPERTIES: Properties<EndpointArgs> = {
    virtualMachine: true,
    protocol: true,
    publicPort: true,
    privatePort: true,
    ...ACCESS_PROPERTIES,
};

function problemsOf(args: EndpointArgs): Problem[] {
    return [...notA("VirtualMachine", "virtualMachine", args.virtualMachine), ...accessProblems(args)];
}
