import * as pulumi from "@pulumi/pulumi";
import { ACCESS_PROPERTIES, accessInputs, accessProblems, type AccessArgs } from "./access";
import { brand, factsOf, isKind, type EndpointPoolSettings } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { problemsOfMachines } from "./internal/members";
import { problemsOfArguments, refuse, type Problem, type Properties } from "./internal/problems";
import { allRegistered } from "./internal/registered";
import type { VirtualMachine } from "./virtualMachine";

/** Which ports an `EndpointPool` gives to which virtual machines. */
export interface EndpointPoolArgs extends AccessArgs {
    /** `"tcp"` or `"udp"`. A change takes effect in place. */
    protocol: pulumi.Input<"tcp" | "udp">;

    /**
     * Range of ports on the VIP, with at least one for each virtual machine; ports that no machine has yet stay free
     * for machines to come. In a cloud service, a protocol and public port have one owner. A change takes effect in
     * place, and machines whose port is still in the range keep it.
     *
     * @example "2201-2250"
     */
    publicPorts: pulumi.Input<string | number>;

    /** Port on every virtual machine, 1 to 65535. A change takes effect in place. */
    privatePort: pulumi.Input<number>;

    /**
     * The virtual machines, at least one, all of the same cloud service.
     *
     * A change takes effect in place: a machine keeps its port whoever comes and goes, also when it is replaced. New
     * ones get the lowest free ports, in the order of their names (`web2` before `web10`).
     */
    virtualMachines: VirtualMachine[];
}

/**
 * A range of ports of a cloud service's VIP, each of which leads to the same private port of another virtual machine:
 * as many endpoints as there are machines, for example one ssh port for each. In Azure this is an inbound NAT pool.
 *
 * A pool declares: it takes effect through the `LoadBalancer` that lists it, as endpoints called `pool/machine`.
 *
 * @example
 * ```ts
 * const ssh = new switchyard.EndpointPool("ssh", {
 *     protocol: "tcp",
 *     publicPorts: "2201-2250",
 *     privatePort: 22,
 *     virtualMachines: web,
 * });
 * export const sshPorts = ssh.ports; // { web1: 2201, web2: 2202, … }
 * ```
 */
export class EndpointPool extends pulumi.CustomResource {
    /** Public port of each virtual machine, by the machine's name. */
    declare readonly ports: pulumi.Output<Record<string, number>>;

    /**
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: EndpointPoolArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("EndpointPool");
        refuse(problemsOfArguments(args, PROPERTIES, problemsOf), type, name, options);
        const members = args.virtualMachines.map((machine) => factsOf(machine, "VirtualMachine")!);
        const inputs = {
            ...args,
            ...accessInputs(args),
            ports: undefined,
            virtualMachines: Object.fromEntries(members.map(({ name, machine }) => [name, machine.container])),
        };
        super(type, name, properties("EndpointPool", name, inputs, [], options), options);
        const { protocol, privatePort } = this as unknown as EndpointPoolSettings;
        brand(this, "EndpointPool", {
            name,
            cloudService: members[0]!.cloudService,
            settings: { protocol, privatePort, ...allRegistered(this, accessInputs(args)) },
            ports: this.ports,
            machines: Object.fromEntries(members.map(({ name, machine }) => [name, machine])),
        });
    }

    /** Whether the value is an endpoint pool, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is EndpointPool {
        return isKind(value, "EndpointPool");
    }
}

const PROPERTIES: Properties<EndpointPoolArgs> = {
    virtualMachines: true,
    protocol: true,
    publicPorts: true,
    privatePort: true,
    ...ACCESS_PROPERTIES,
};

function problemsOf(args: EndpointPoolArgs): Problem[] {
    return [...problemsOfMachines(args.virtualMachines), ...accessProblems(args)];
}
