import type Docker from "dockerode";
import { isDeepStrictEqual } from "node:util";
import { canonicalCidr, overlaps } from "../../model/network/addresses";
import { isUnknown } from "../../model/schema/unknown";
import { nextFreeName } from "../naming";
import type { Inspection } from "./containers";
import { reasonOf, statusOf, unlessGone } from "./errors";
import type { Host } from "./host";
import { belongsTo, isOfStack, labelsOf, type Owner } from "./labels";
import { endMaking, noted } from "./unfinished";

/** What Docker calls the address that containers have as default route, where it is not Docker's own. */
export const ROUTE_THROUGH = "DefaultGatewayIPv4";

export interface NetworkPlan {
    readonly name: string;
    readonly addressSpace: string;
    /** Docker's own address in it. */
    readonly bridgeAddress: string;
    /** For a network out of which the host stays. */
    readonly machines?: {
        /** Another container's address that machines have as default route. */
        readonly routeThrough: string;
        /** Addresses that Docker is to give to nobody. */
        readonly reserved: Readonly<Record<string, string>>;
    };
}

/** Makes a bridge; a name that somebody else has is left alone and the next one taken. */
export async function createNetwork(
    host: Host,
    plan: NetworkPlan,
    owner: Owner,
): Promise<{ id: string; name: string; takenOver: boolean }> {
    const { docker } = host;
    const existing = await docker.listNetworks();
    const own = existing.filter(({ Labels }) => belongsTo(Labels, owner));
    // Pulumi has forgotten it, and what is on it need not notice.
    const same = own.find((network) => network.Name === plan.name && isAsPlanned(network, plan));
    if (same) {
        await endMaking(host, plan.name);
        return { id: same.Id, name: plan.name, takenOver: true };
    }
    const leaked = own.filter(
        (network) =>
            network.Name === plan.name || addressSpacesOf(network).some((space) => overlaps(space, plan.addressSpace)),
    );
    // Made by a run that was killed before Pulumi knew. One that is in use stays.
    for (const network of leaked)
        await docker
            .getNetwork(network.Id)
            .remove()
            .catch(() => undefined);
    const taken = new Set((await docker.listNetworks()).map((network) => network.Name));
    const name = await nextFreeName(plan.name, (candidate) => taken.has(candidate));
    try {
        const network = await noted(host, name, owner, () =>
            docker.createNetwork({
                Name: name,
                Driver: "bridge",
                CheckDuplicate: true,
                Labels: labelsOf(owner),
                IPAM: { Driver: "default", Config: [addressesOf(plan)] },
                Options: plan.machines ? INHIBITED : {},
            }),
        );
        return { id: network.id, name, takenOver: false };
    } catch (error) {
        if (!/overlap/i.test(reasonOf(error))) throw error;
        const networks = await docker.listNetworks();
        const own = networks.filter(({ Labels }) => isOfStack(Labels, owner.identity));
        const renamed =
            inTheWay(own, plan.addressSpace).length > 0
                ? " (what is renamed is made before the old one goes, unless its old name is among its aliases)"
                : "";
        throw new Error(describeOverlap(inTheWay(networks, plan.addressSpace), plan.addressSpace) + renamed);
    }
}

const INHIBITED = { "com.docker.network.bridge.inhibit_ipv4": "true" };

function addressesOf({ addressSpace, bridgeAddress, machines }: NetworkPlan) {
    const reserved = machines && { [ROUTE_THROUGH]: machines.routeThrough, ...machines.reserved };
    return { Subnet: addressSpace, Gateway: bridgeAddress, ...(reserved && { AuxiliaryAddresses: reserved }) };
}

function isAsPlanned({ IPAM, Options }: Docker.NetworkInspectInfo, plan: NetworkPlan): boolean {
    const addresses = isDeepStrictEqual(IPAM?.Config, [addressesOf(plan)]);
    return addresses && isDeepStrictEqual(Options ?? {}, plan.machines ? INHIBITED : {});
}

/** Networks of others that leave no room for this one. What the stack itself has may be on its way out. */
export async function overlapping(host: Host, addressSpace: string, owner: Owner): Promise<string[]> {
    if (isUnknown(addressSpace)) return [];
    const networks = await host.docker.listNetworks();
    const foreign = networks.filter(({ Labels }) => !isOfStack(Labels, owner.identity));
    const found = inTheWay(foreign, addressSpace);
    return found.length === 0 ? [] : [describeOverlap(found, addressSpace)];
}

function inTheWay(networks: readonly Docker.NetworkInspectInfo[], addressSpace: string): string[] {
    return networks.flatMap((network) =>
        addressSpacesOf(network)
            .filter((space) => overlaps(space, addressSpace))
            .map((space) => `${network.Name} (${space})`),
    );
}

function describeOverlap(found: readonly string[], addressSpace: string): string {
    const whose = found.length > 0 ? `Docker network ${found.join(", ")}` : "another network of the Docker host";
    return `addressSpace ${addressSpace} overlaps ${whose}; choose another addressSpace or remove that network`;
}

export function addressSpacesOf(network: Pick<Docker.NetworkInspectInfo, "IPAM">): string[] {
    return (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => {
        const space = Subnet === undefined ? undefined : canonicalCidr(Subnet);
        return space === undefined ? [] : [space];
    });
}

/** Whether nobody else has a network of that name. */
export async function isNetworkNameFree(host: Host, name: string, owner: Owner): Promise<boolean> {
    const networks = await host.docker.listNetworks({ filters: { name: [name] } });
    return networks.every((network) => network.Name !== name || belongsTo(network.Labels, owner));
}

/** By id or name; undefined when there is none. */
export function inspectNetwork({ docker }: Host, name: string): Promise<Docker.NetworkInspectInfo | undefined> {
    return unlessGone(docker.getNetwork(name).inspect());
}

/** Whether the container is on it. A stopped one still names a network that was removed, and does not start with that. */
export async function isOn(host: Host, { State, NetworkSettings }: Inspection, name: string): Promise<boolean> {
    const part = NetworkSettings.Networks[name];
    if (!part || State.Running || !part.NetworkID) return part !== undefined;
    return (await inspectNetwork(host, name))?.Id === part.NetworkID;
}

export async function removeNetwork(host: Host, id: string, name: string): Promise<void> {
    try {
        await unlessGone(host.docker.getNetwork(id).remove());
    } catch (error) {
        if (statusOf(error) !== 403) throw error;
        const network = await inspectNetwork(host, id);
        const users = Object.values(network?.Containers ?? {}).map((container) => container.Name);
        if (users.length === 0) throw error;
        throw new Error(
            `network ${name} is still used by ${users.join(", ")}; remove or disconnect them and try again`,
        );
    }
}
