import { DEFAULT_STOP_GRACE_SECONDS } from "../../model/resources/machine/stop";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { quiesce, REMIND_EVERY_MS } from "../control/gateways";
import { stopContainer, type Inspection } from "../docker/containers";
import type { Host } from "../docker/host";

type Stoppable = Pick<VirtualMachineState, "gateway" | "name" | "stopGraceSeconds">;

/** Takes a machine out of its sets, then asks it to end. */
export async function stopMachine(host: Host, container: Inspection, machine: Stoppable): Promise<void> {
    const { gateway, name, stopGraceSeconds = DEFAULT_STOP_GRACE_SECONDS } = machine;
    if (!container.State.Running) return;
    const leave = () => quiesce(host, gateway, name);
    await leave();
    const reminder = setInterval(() => void leave().catch(() => undefined), REMIND_EVERY_MS);
    try {
        // A paused program hears no signal.
        if (container.State.Paused) await host.docker.getContainer(container.Id).unpause();
        await stopContainer(host, container.Id, stopGraceSeconds);
    } finally {
        clearInterval(reminder);
    }
}
