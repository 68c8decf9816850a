import type { ContainerAttachmentState } from "../../model/resources/containerAttachment";
import { addressIn, inspectContainer, removeContainer, type Inspection } from "../docker/containers";
import type { ExecResult } from "../docker/exec";
import type { Host } from "../docker/host";
import { LABEL, labelsOf, type Owner } from "../docker/labels";
import { inspectNetwork, ROUTE_THROUGH } from "../docker/networks";
import { runInNetworkOf } from "../docker/run";

type Place = Pick<ContainerAttachmentState, "network" | "gateway">;

/**
 * Rules before the main table, whose default route stays Docker's: when the private network goes, nothing is left to
 * restore, and Docker may change its own route meanwhile. What is nearer than a default route is looked up in the main
 * table as ever. Answers from the container's other addresses leave as they would have, so published ports keep working.
 */
const TABLE = "5312";
const [NEAR, OTHER, REST] = ["5310", "5311", "5312"];
const CLEAR = `
for preference in ${NEAR} ${OTHER} ${REST}; do
    while ip -4 rule delete preference $preference 2>/dev/null; do :; done
done`;
const SET = `gateway=$1; shift
${CLEAR}
ip -4 route replace default via "$gateway" table ${TABLE}
ip -4 rule add preference ${NEAR} lookup main suppress_prefixlength 0
for other in "$@"; do ip -4 rule add preference ${OTHER} from "$other" lookup main; done
ip -4 rule add preference ${REST} lookup ${TABLE}`;

/** An address for documentation (RFC 5737), so it is nobody's: the route to it is the route to the outside. */
const OUTSIDE = "192.0.2.1";
const CHECK = `
ip -4 -o route get ${OUTSIDE} | grep -qF " via $1 "
ip -4 -o route get ${OUTSIDE} from "$2" | grep -qF " via $1 "`;

/** Sends what the container sends to the outside through the gateway, until the container restarts. */
export async function routeThroughGateway(host: Host, guest: Inspection, place: Place, owner: Owner): Promise<void> {
    const others = Object.entries(guest.NetworkSettings.Networks)
        .filter(([name, { IPAddress }]) => name !== place.network && IPAddress)
        .map(([, { IPAddress }]) => IPAddress);
    const command = [SET, await gatewayAddress(host, place.network), ...others] as const;
    const { exitCode, output } = await inNamespace(host, guest, place, command, owner);
    if (exitCode !== 0) throw new Error(`its default route could not be set: ${output || `exit code ${exitCode}`}`);
}

/** Whether it does; a container on networks that sort behind the private one has its default route from Docker itself. */
export async function routesThroughGateway(
    host: Host,
    guest: Inspection,
    place: Place,
    owner: Owner,
): Promise<boolean> {
    const address = addressIn(guest, place.network);
    if (address === undefined) return false;
    const command = [CHECK, await gatewayAddress(host, place.network), address] as const;
    return (await inNamespace(host, guest, place, command, owner)).exitCode === 0;
}

/** Leaves the container's routing as it was before. */
export async function clearRoutes(host: Host, guest: Inspection, place: Place, owner: Owner): Promise<void> {
    await inNamespace(host, guest, place, [CLEAR], owner);
}

/** Removes what a killed run left of its looking and setting: only helpers carry the labels of an attachment. */
export async function sweepHelpers(host: Host, { urn, type }: Pick<Owner, "urn" | "type">): Promise<void> {
    const filters = { label: [`${LABEL.urn}=${urn}`, `${LABEL.type}=${type}`] };
    for (const { Id } of await host.docker.listContainers({ all: true, filters })) await removeContainer(host, Id);
}

async function inNamespace(
    host: Host,
    guest: Inspection,
    { gateway }: Place,
    command: readonly [string, ...string[]],
    owner: Owner,
): Promise<ExecResult> {
    // The gateway's image has what is needed, and is there as long as the gateway.
    const image = (await inspectContainer(host, gateway))?.Image;
    if (image === undefined) throw new Error(`gateway ${gateway} does not exist on ${host.address}`);
    await sweepHelpers(host, owner);
    return runInNetworkOf(host, guest.Id, image, command, labelsOf(owner));
}

async function gatewayAddress(host: Host, name: string): Promise<string> {
    const config = (await inspectNetwork(host, name))?.IPAM?.Config as {
        AuxiliaryAddresses?: Record<string, string>;
    }[];
    const address = config?.[0]?.AuxiliaryAddresses?.[ROUTE_THROUGH];
    if (address === undefined) throw new Error(`network ${name} is not the private network of a cloud service`);
    return address;
}
