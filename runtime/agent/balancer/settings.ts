import { gatewayNetwork, type GatewayNetwork } from "../../../model/balancer/network";
import { describeProblems } from "../../../model/schema/problems";
import { commonSettings, type CommonSettings } from "../settings";

export interface Settings extends CommonSettings {
    readonly network: GatewayNetwork;
}

/** The agent's settings: those of its container, and the name under which its bundle was uploaded. */
export function readSettings(environment: NodeJS.ProcessEnv, program: string): Settings {
    const given = {
        virtualIp: environment.SWITCHYARD_VIRTUAL_IP,
        publicSubnet: environment.SWITCHYARD_PUBLIC_SUBNET,
        privateSubnet: environment.SWITCHYARD_PRIVATE_SUBNET,
        privateGateway: environment.SWITCHYARD_PRIVATE_GATEWAY,
        internalVirtualIp: environment.SWITCHYARD_INTERNAL_VIRTUAL_IP,
    };
    const network = gatewayNetwork.safeParse(given);
    if (!network.success) {
        const problems = describeProblems(network.error, given);
        throw new Error(
            `the gateway's environment (SWITCHYARD_…) does not say where it stands: ${problems.join("; ")}`,
        );
    }
    return { network: network.data, ...commonSettings(environment, program) };
}
