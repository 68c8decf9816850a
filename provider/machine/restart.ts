import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import type { Inspection } from "../docker/containers";

type Restart = VirtualMachineState["restart"];

/**
 * Docker's own policy. When dockerd crashes, the next one ends the containers that it finds, believes that somebody
 * stopped them, and leaves those with `unless-stopped` down. A machine that is to run must come back: who stops it says so
 * by `state`.
 */
export function restartPolicyOf({ restart, state }: Pick<VirtualMachineState, "restart" | "state">): Restart {
    return restart === "unless-stopped" && state === "running" ? "always" : restart;
}

/** What a container has, in the words of the machine's inputs. */
export function restartOf({ HostConfig }: Inspection, declared: Restart): Restart {
    const found = (HostConfig.RestartPolicy?.Name || "no") as Restart;
    return declared === "unless-stopped" && found === "always" ? declared : found;
}
