import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import type { Context } from "../definition";
import { addressIn, inspectContainer, renameContainer, type Inspection } from "../docker/containers";
import { reasonOf, statusOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { explainTaken } from "./address";
import { hiddenOf, withoutValues } from "./hidden";
import { bringBack } from "./place";
import { machineReady } from "./ready";
import { restartPolicyOf } from "./restart";
import { limitsToSet } from "./size";
import { stopMachine } from "./stop";

/** What only a machine that is made can tell. */
export interface Made {
    readonly containerId: string;
    /** On the private network; absent while the machine does not run. */
    readonly address?: string;
}

/** Makes a container what its inputs say, as far as that is possible in place. */
export async function converge(host: Host, id: string, inputs: VirtualMachineState, context: Context): Promise<Made> {
    const container = await inspectContainer(host, id);
    if (!container) {
        throw new Error(`container ${inputs.name} is gone; run pulumi up --refresh to make the machine again`);
    }
    await renameContainer(host, container, inputs.name);
    await bringBack(host, container, inputs);
    await adjust(host, container, inputs);
    const after = await (inputs.state === "stopped"
        ? stop(host, container, inputs)
        : start(host, container, inputs, context));
    return { containerId: id, address: addressIn(after, inputs.network) };
}

async function adjust(host: Host, container: Inspection, inputs: VirtualMachineState): Promise<void> {
    const limits = await limitsToSet(host, inputs.size, container);
    const changed = Object.entries(limits).some(
        ([key, value]) => (container.HostConfig as Record<string, unknown>)[key] !== value,
    );
    const restart = restartPolicyOf(inputs);
    const restarts = (container.HostConfig.RestartPolicy?.Name || "no") !== restart;
    if (!changed && !restarts) return;
    await host.docker
        .getContainer(container.Id)
        .update({ ...(changed ? limits : {}), ...(restarts ? { RestartPolicy: { Name: restart } } : {}) });
}

async function stop(host: Host, container: Inspection, inputs: VirtualMachineState): Promise<Inspection> {
    await stopMachine(host, container, inputs);
    return host.docker.getContainer(container.Id).inspect();
}

async function start(
    host: Host,
    container: Inspection,
    inputs: VirtualMachineState,
    { progress }: Context,
): Promise<Inspection> {
    if (container.State.Paused) await host.docker.getContainer(container.Id).unpause();
    if (!container.State.Running) {
        try {
            await host.docker.getContainer(container.Id).start();
        } catch (error) {
            // 304: somebody else started it.
            if (statusOf(error) !== 304)
                throw new Error(`${inputs.name} does not start: ${await why(host, error, inputs)}`);
        }
    }
    return machineReady(host, container.Id, inputs, hiddenOf(inputs), progress);
}

async function why(host: Host, error: unknown, inputs: VirtualMachineState): Promise<string> {
    const reason = reasonOf(error);
    if (inputs.privateAddress && /address already in use/i.test(reason)) return explainTaken(host, inputs);
    return withoutValues(reason, hiddenOf(inputs));
}
