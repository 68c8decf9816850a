import { isUnknown } from "../../model/schema/unknown";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { dockerOf } from "../choice";
import type { Claim } from "../claims";
import { generations } from "../context";
import { inspectContainer } from "../docker/containers";
import type { Host } from "../docker/host";
import { isOfStack, type Owner } from "../docker/labels";
import { inspectNetwork } from "../docker/networks";

/** Of one private network nobody else may have it. */
export function privateAddressClaims({ docker, network, privateAddress }: Placed): Claim[] {
    if (privateAddress === undefined) return [];
    return [
        { property: "privateAddress", among: `addresses of ${network} on ${dockerOf(docker)}`, value: privateAddress },
    ];
}

type Placed = Pick<VirtualMachineState, "docker" | "network" | "privateAddress" | "adopt">;

/** Why the machine cannot have its address. What the stack itself has may be on its way out; what was adopted has no labels. */
export async function addressProblem(host: Host, machine: Placed, { identity }: Owner): Promise<string | undefined> {
    const holder = await holderOf(host, machine);
    if (!holder || holder.name === machine.adopt || generations.isSomebodys(holder.name)) return undefined;
    const container = await inspectContainer(host, holder.id);
    if (!container || isOfStack(container.Config.Labels, identity)) return undefined;
    return describeTaken(machine, holder.name);
}

/** What Docker's "Address already in use" means. */
export async function explainTaken(host: Host, machine: Placed): Promise<string> {
    return describeTaken(machine, (await holderOf(host, machine))?.name ?? "the network itself");
}

async function holderOf(host: Host, { network, privateAddress }: Placed) {
    if (privateAddress === undefined || isUnknown(privateAddress) || isUnknown(network)) return undefined;
    const containers = Object.entries((await inspectNetwork(host, network))?.Containers ?? {});
    const found = containers.find(([, { IPv4Address }]) => IPv4Address.split("/")[0] === privateAddress);
    return found && { id: found[0], name: found[1].Name };
}

function describeTaken({ network, privateAddress }: Placed, holder: string): string {
    return `privateAddress: ${privateAddress} is taken in network ${network} by ${holder}; choose another (Docker gives machines without one the lowest that are free)`;
}
