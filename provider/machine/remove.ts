import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { seenToStop, servedBy } from "../control/gateways";
import { removeContainer, type Inspection } from "../docker/containers";
import type { Host } from "../docker/host";
import { stopMachine } from "./stop";

/** Ends a machine's container and removes it; refuses while it serves, unless it makes room: for its successor, or because something that it uses must go. */
export async function removeMachine(
    host: Host,
    container: Inspection,
    machine: VirtualMachineState,
    { successor, yields }: { successor: VirtualMachineState | undefined; yields: boolean },
    makeWay: (successor: VirtualMachineState) => Promise<void>,
): Promise<void> {
    const { name, alias, gateway } = machine;
    const served = successor || yields ? [] : await servedBy(host, gateway, name);
    if (served.length > 0) {
        throw new Error(
            `${alias} (${name}) still serves in ${served.join(" and ")}; run a full pulumi up, without deleteBeforeReplace (replaceMode: "deleteFirst" makes room for a machine's replacement)`,
        );
    }
    if (successor) await makeWay(successor);
    await stopMachine(host, container, machine);
    // Else the agent would take what comes next under this name for what is about to stop.
    if (successor || yields) await seenToStop(host, gateway, name);
    await removeContainer(host, container.Id);
}
