import { type z } from "zod";
import { contains, overlaps } from "../network/addresses";
import { addressSpace, dockerName, ipv4 } from "../schema/fields";
import { known, object, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";
import { docker } from "./docker";
import { earlier } from "./earlier";
import { isNothing, publish } from "./publish";
import { containerFields, refuseUnlessPublic, type ContainerState } from "./runtime";

/** The container between the public and the private network of a cloud service. */
export const gateway = object({
    ...containerFields,
    virtualIp: ipv4.optional(),
    earlier,
    privateNetwork: dockerName,
    privateSubnet: addressSpace,
    privateGateway: ipv4,
    internalVirtualIp: ipv4,
    publish: known(publish)
        .optional()
        .transform((publish) => (isNothing(publish) ? undefined : publish)),
    docker,
}).check((context) => {
    const { publicSubnet, privateSubnet } = context.value;
    const given = (...values: unknown[]) => values.every((value) => value !== undefined && !isUnknown(value));
    refuseUnlessPublic(context, "virtualIp");
    for (const key of ["privateGateway", "internalVirtualIp"] as const) {
        const address = context.value[key];
        if (given(privateSubnet, address) && !contains(privateSubnet, address))
            refuse(context, [key], `must be an address of the private network ${privateSubnet}`);
    }
    if (given(publicSubnet, privateSubnet) && overlaps(publicSubnet, privateSubnet)) {
        refuse(context, ["privateSubnet"], `must not overlap the public network ${publicSubnet}`);
    }
});
export type GatewayInputs = z.input<typeof gateway>;
export type GatewayState = z.output<typeof gateway> & ContainerState & { virtualIp: string };

/** The process that configures a gateway; its bundle is named by the hash of its content. */
export const balancerAgent = object({ gateway: dockerName, docker });
export type BalancerAgentInputs = z.input<typeof balancerAgent>;
export type BalancerAgentState = z.output<typeof balancerAgent> & { bundle: string };
