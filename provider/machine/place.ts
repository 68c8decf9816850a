import type Docker from "dockerode";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { fixedAddressIn, type Inspection } from "../docker/containers";
import { unlessGone } from "../docker/errors";
import type { Host } from "../docker/host";
import { isOn } from "../docker/networks";

type Placed = Pick<VirtualMachineState, "network" | "alias" | "hostname" | "privateAddress">;

/** A machine's part in its network, as Docker's API has it. */
export function endpointOf({ alias, hostname = alias, privateAddress }: Placed): Docker.EndpointSettings {
    return {
        Aliases: [...new Set([alias, hostname])],
        ...(privateAddress === undefined ? {} : { IPAMConfig: { IPv4Address: privateAddress } }),
    };
}

/** Where it really is: at another address it is replaced, off its network it is brought back. */
export async function placeOf(
    host: Host,
    container: Inspection,
    { network }: Placed,
): Promise<Partial<VirtualMachineState>> {
    if (!(await isOn(host, container, network))) return { network: "" };
    return { privateAddress: fixedAddressIn(container, network) };
}

/** Somebody took it off its network, or the network was removed while it was stopped. */
export async function bringBack(host: Host, container: Inspection, inputs: Placed): Promise<void> {
    if (!(await isOn(host, container, inputs.network))) await attach(host, container, inputs);
}

/** Puts it on its network, anew if it is on one of that name. */
export async function attach({ docker }: Host, container: Inspection, inputs: Placed): Promise<void> {
    const network = docker.getNetwork(inputs.network);
    if (container.NetworkSettings.Networks[inputs.network]) await network.disconnect({ Container: container.Id });
    await network.connect({ Container: container.Id, EndpointConfig: endpointOf(inputs) });
}

/** Brings in a container that was made elsewhere: onto its network, under its name there, and off all others. */
export async function moveIn(host: Host, container: Inspection, inputs: Placed): Promise<void> {
    const { network, alias, privateAddress = fixedAddressIn(container, network) } = inputs;
    const { [network]: part, ...others } = container.NetworkSettings.Networks;
    const known = (part as Docker.EndpointSettings | undefined)?.Aliases?.includes(alias) ?? false;
    if (!known || fixedAddressIn(container, network) !== privateAddress || !(await isOn(host, container, network)))
        await attach(host, container, inputs);
    for (const other of Object.keys(others))
        await unlessGone(host.docker.getNetwork(other).disconnect({ Container: container.Id, Force: true }));
}
