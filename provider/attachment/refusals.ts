import type { ContainerAttachmentState } from "../../model/resources/containerAttachment";
import { parseUrn } from "../../model/names";
import { isUnknown } from "../../model/schema/unknown";
import { isAttached, nameOf, type Inspection } from "../docker/containers";
import type { Host } from "../docker/host";
import { LABEL, type Owner } from "../docker/labels";
import { attachments, isLinked, publishes } from "./link";

type Wanted = Pick<ContainerAttachmentState, "container" | "network">;

/** Why the container cannot be a machine of the cloud service. */
export async function refuseGuest(
    guest: Inspection,
    wanted: Wanted,
    host: Host,
    { urn, identity }: Owner,
): Promise<string[]> {
    const { container, network } = wanted;
    const name = nameOf(guest);
    if (name !== container) return [`container: must be the container's name (got ${container}; its name is ${name})`];
    const labels = guest.Config.Labels ?? {};
    const owner = labels[LABEL.urn];
    if (owner !== undefined) {
        return [
            `container: must be made elsewhere (got ${name}, which Switchyard made for ${describe(owner)}); ` +
                "a VirtualMachine of the program is given to endpoints and sets itself",
        ];
    }
    const mode = guest.HostConfig.NetworkMode ?? "";
    if (mode === "host" || mode === "none" || mode.startsWith("container:")) {
        return [
            `container: must have a network of its own (got ${name}, made with network mode ${mode}); ` +
                "make it on a bridge network",
        ];
    }
    const other = attachments(guest.NetworkSettings.Networks).find((found) => found.urn !== urn);
    if (other) {
        const { stack, project, name: holder } = parseUrn(other.urn);
        const isOurs = stack === identity.stack && project === identity.project;
        return [
            `container: must be in one cloud service only, once (got ${name}, which ${describe(other.urn)} ` +
                `attached to ${other.network})` +
                (isOurs ? `; if this is ${holder} renamed, give it aliases: [{ name: "${holder}" }]` : ""),
        ];
    }
    if (isUnknown(network)) return [];
    if (isAttached(guest, network) && !isLinked(guest, network, urn)) {
        return [
            `container: must not be on network ${network} yet (got ${name}, which was attached to it by hand or by ` +
                `its own maker); detach it first (docker network disconnect ${network} ${name})`,
        ];
    }
    return losesPorts(guest, network) && !(await choosesByPriority(host)) ? [portsAreLost(guest, network)] : [];
}

function describe(urn: string): string {
    const { stack, project, name } = parseUrn(urn);
    return `${name} of stack ${stack}, project ${project}`;
}

/** An engine that goes by names would publish the container's ports on the private network, where the host has no way to. */
function losesPorts(guest: Inspection, network: string): boolean {
    const own = ownNetworks(guest, network);
    return publishes(guest) && own.length > 0 && own.every((name) => network < name);
}

function portsAreLost(guest: Inspection, network: string): string {
    const [name, own] = [nameOf(guest), ownNetworks(guest, network).join(", ")];
    return (
        `container: must not publish ports on a network whose name sorts after ${network} (got ${name} on ${own}): ` +
        "Docker before 28 would move them to the private network, where they lead nowhere; " +
        "publish nothing and use an endpoint, or give that network an earlier name"
    );
}

function ownNetworks(guest: Inspection, network: string): string[] {
    return Object.keys(guest.NetworkSettings.Networks).filter((name) => name !== network);
}

/** From API 1.48 on (Docker 28). */
async function choosesByPriority({ docker }: Host): Promise<boolean> {
    const [major = 0, minor = 0] = (await docker.version()).ApiVersion.split(".").map(Number);
    return major > 1 || minor >= 48;
}
