import type Docker from "dockerode";
import type { ContainerAttachmentState } from "../../model/resources/containerAttachment";
import type { Inspection } from "../docker/containers";
import { unlessGone } from "../docker/errors";
import type { Host } from "../docker/host";
import { LABEL } from "../docker/labels";

type Place = Pick<ContainerAttachmentState, "network" | "alias">;

/** Before (below) and after what Docker assumes, for engines from 28 on; older ones go by the names of networks. */
const [LAST, FIRST] = [-100, 100];

/** Attaches the container, marked as this resource's: Docker keeps no labels on a container's part in a network. */
export async function link({ docker }: Host, guest: Inspection, { network, alias }: Place, urn: string): Promise<void> {
    await docker.getNetwork(network).connect({
        Container: guest.Id,
        EndpointConfig: {
            Aliases: [alias],
            DriverOpts: { [LABEL.urn]: urn },
            // Docker takes default route and published ports from one network. Without ports to lose it may be the
            // private one, and the route then outlives restarts.
            GwPriority: publishes(guest) ? LAST : FIRST,
        } as Docker.EndpointSettings,
    });
}

export async function unlink({ docker }: Host, guest: Inspection, network: string): Promise<void> {
    await unlessGone(docker.getNetwork(network).disconnect({ Container: guest.Id }));
}

/** Which of the networks a resource attached the container to, with the resource's URN. */
export function attachments(networks: Readonly<Record<string, object>>): { network: string; urn: string }[] {
    return Object.entries(networks).flatMap(([network, settings]) => {
        // dockerode's types of what Docker tells leave the options out.
        const urn = (settings as Docker.EndpointSettings).DriverOpts?.[LABEL.urn];
        return urn === undefined ? [] : [{ network, urn }];
    });
}

export function isLinked(guest: Inspection, network: string, urn: string): boolean {
    return attachments(guest.NetworkSettings.Networks).some((found) => found.network === network && found.urn === urn);
}

export function hasAlias(guest: Inspection, { network, alias }: Place): boolean {
    const { Aliases } = (guest.NetworkSettings.Networks[network] ?? {}) as Docker.EndpointSettings;
    return Aliases?.includes(alias) ?? false;
}

export function publishes({ HostConfig }: Pick<Inspection, "HostConfig">): boolean {
    const bindings = (HostConfig.PortBindings ?? {}) as object;
    return HostConfig.PublishAllPorts || Object.keys(bindings).length > 0;
}
