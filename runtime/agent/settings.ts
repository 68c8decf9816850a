import path from "node:path";
import { AGENT_SOCKET, STATE_DIRECTORY } from "../../model/control";

/** What every agent is told. */
export interface CommonSettings {
    readonly socket: string;
    readonly stateDirectory: string;
    /** Content hash of the running bundle: the name of its file. */
    readonly bundle: string;
    /** Holds the bundle's hash once the agent is up; the supervisor waits for it. */
    readonly readyMark: string;
}

/** The settings of the agent's container, and the name under which its bundle was uploaded. */
export function commonSettings(environment: NodeJS.ProcessEnv, program: string): CommonSettings {
    const socket = environment.SWITCHYARD_SOCKET ?? AGENT_SOCKET;
    return {
        socket,
        stateDirectory: environment.SWITCHYARD_STATE_DIRECTORY ?? STATE_DIRECTORY,
        bundle: path.basename(program, ".js"),
        readyMark: path.join(path.dirname(socket), "ready"),
    };
}
