import type { DockerHost } from "../../model/resources/docker";
import { dockerOf } from "../choice";
import type { Claim } from "../claims";
import { addressClaim } from "./address";
import type { ContainerPlan } from "./container";

/** A runtime's address, and the ports of the Docker host that lead to it. */
export function claimsOf(
    { address, ports }: ContainerPlan,
    inputs: { docker?: DockerHost | undefined; publicNetwork: string; publicSubnet: string },
): Claim[] {
    return [
        addressClaim(address.property, inputs, address.value),
        ...Object.entries(ports.bindings).flatMap(([key, bindings]) =>
            bindings.map(({ HostIp, HostPort }) => ({
                property: "publish",
                among: `${HostPort}/${key.split("/")[1]} on ${dockerOf(inputs.docker)}`,
                value: `${HostIp}:${HostPort}/${key.split("/")[1]}`,
                clashes: (other: string) =>
                    [HostIp, other.split(":")[0]].includes("0.0.0.0") || other.startsWith(`${HostIp}:`),
            })),
        ),
    ];
}
