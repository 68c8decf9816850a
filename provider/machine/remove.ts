import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { seenToStop, servedBy } from "../control/gateways";
import type { Context } from "../definition";
import { removeContainer, type Inspection } from "../docker/containers";
import { connect, type Host } from "../docker/host";
import { ensureMachineImage } from "../galleryImage";
import { stopMachine } from "./stop";
import { leaveInTurn } from "./turn";

/** Ends a machine's container and removes it; refuses while it serves, unless it makes room: for its successor, or because something that it uses must go. */
export async function removeMachine(
    host: Host,
    container: Inspection,
    machine: VirtualMachineState,
    context: Context,
): Promise<void> {
    const { name, alias, gateway } = machine;
    const { yields } = context;
    const successor = context.successor as VirtualMachineState | undefined;
    const served = successor || yields ? [] : await servedBy(host, gateway, name);
    if (served.length > 0) {
        const advice = context.isDeclared
            ? 'run a full pulumi up, without deleteBeforeReplace (replaceMode: "deleteFirst" makes room for a machine\'s replacement)'
            : `run pulumi without targets; where it knows of no load balancer any more, stop the gateway first (docker stop ${gateway})`;
        throw new Error(`${alias} (${name}) still serves in ${served.join(" and ")}; ${advice}`);
    }
    if (successor) {
        // What can go wrong with what comes next should, while there still is something to keep.
        await ensureMachineImage(await connect(successor.docker), successor, context);
        await leaveInTurn(host, machine, successor, context.progress);
    }
    await stopMachine(host, container, machine);
    // Else the agent would take what comes next under this name for what is about to stop.
    if (successor || yields) await seenToStop(host, gateway, name);
    await removeContainer(host, container.Id);
}
