import { z } from "zod";
import { addressSpace, ipv4 } from "../schema/fields";

/** Where a gateway stands: between the public network, on which its VIP is, and the private one of its cloud service. */
export const gatewayNetwork = z.object({
    virtualIp: ipv4,
    publicSubnet: addressSpace,
    privateSubnet: addressSpace,
    /** The gateway's own address on the private network: every machine's default route. */
    privateGateway: ipv4,
    /** The address of internal sets, on the private network. */
    internalVirtualIp: ipv4,
});
export type GatewayNetwork = z.infer<typeof gatewayNetwork>;

/** Names of the gateway's network interfaces, found by their addresses when the agent starts. */
export interface GatewayInterfaces {
    readonly publicInterface: string;
    readonly privateInterface: string;
}
