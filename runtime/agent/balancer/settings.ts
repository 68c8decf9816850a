import path from "node:path";
import { AGENT_SOCKET, STATE_DIRECTORY } from "../../../model/control";
import { gatewayNetwork, type GatewayNetwork } from "../../../model/balancer/network";
import { describeProblems } from "../../../model/schema/problems";

export interface Settings {
    readonly network: GatewayNetwork;
    readonly socket: string;
    readonly stateDirectory: string;
    /** Content hash of the running bundle: the name of its file. */
    readonly bundle: string;
    /** Holds the bundle's hash once the agent is up; the supervisor waits for it. */
    readonly readyMark: string;
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
    const socket = environment.SWITCHYARD_SOCKET ?? AGENT_SOCKET;
    return {
        network: network.data,
        socket,
        stateDirectory: environment.SWITCHYARD_STATE_DIRECTORY ?? STATE_DIRECTORY,
        bundle: path.basename(program, ".js"),
        readyMark: path.join(path.dirname(socket), "ready"),
    };
}
