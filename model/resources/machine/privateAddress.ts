import type { z } from "zod";
import { dockersAddress, isHostAddress } from "../../network/addresses";
import { ipv4 } from "../../schema/fields";
import { refuse } from "../../schema/kit";
import { isUnknown } from "../../schema/unknown";

interface Placed {
    readonly privateAddress?: string | undefined;
    readonly addressSpace?: string | undefined;
    readonly gatewayAddress?: string | undefined;
    readonly internalVirtualIp?: string | undefined;
    readonly replaceMode?: string | undefined;
}

/** A fixed address must be one that its network can give, and can only be had once at a time. */
export function judgePrivateAddress(context: z.core.ParsePayload<Placed>): void {
    const { privateAddress, addressSpace, gatewayAddress, internalVirtualIp, replaceMode } = context.value;
    if (privateAddress === undefined) return;
    if (replaceMode === "createFirst") {
        refuse(
            context,
            ["replaceMode"],
            'must not be "createFirst" with a privateAddress, which two machines cannot have at once; leave it out or say "deleteFirst"',
        );
    }
    if (!ipv4.safeParse(privateAddress).success || isUnknown(addressSpace) || addressSpace === undefined) return;
    if (!isHostAddress(addressSpace, privateAddress)) {
        refuse(
            context,
            ["privateAddress"],
            `must be a host address of the cloud service's address space ${addressSpace}`,
        );
    } else if (privateAddress === gatewayAddress) {
        refuse(context, ["privateAddress"], "must not be the gateway's address");
    } else if (privateAddress === internalVirtualIp) {
        refuse(context, ["privateAddress"], "must not be the cloud service's internal virtual IP");
    } else if (privateAddress === dockersAddress(addressSpace)) {
        refuse(context, ["privateAddress"], "must not be the last of the address space, which Docker keeps for itself");
    }
}
