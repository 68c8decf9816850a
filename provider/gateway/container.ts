import type Docker from "dockerode";
import { setTimeout as sleep } from "node:timers/promises";
import { STATE_DIRECTORY } from "../../model/control";
import type { GatewayState } from "../../model/resources/gateway";
import { inspectContainer, lastLines, removeContainer } from "../docker/containers";
import { reasonOf, statusOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { belongsTo, describeStranger, labelsOf, type Owner } from "../docker/labels";
import { portBindings } from "./published";

/** 1,000 sets need 83 MB in the kernel and about as much in the agent. */
const MEMORY_BYTES = 512 * 1024 ** 2;
const PIDS = 256;
/** The public network's, so that Docker takes default route and published ports from it (engines before 28 go by name). */
const PUBLIC_PRIORITY = 100;

/** Makes the container, on both networks; it does not run yet. */
export async function createGateway(host: Host, inputs: GatewayState, owner: Owner): Promise<string> {
    await clearName(host, inputs.name, owner);
    const container = await host.docker.createContainer(containerOptions(inputs, owner));
    try {
        await host.docker.getNetwork(inputs.privateNetwork).connect({ Container: container.id });
        return container.id;
    } catch (error) {
        await removeContainer(host, container.id);
        throw error;
    }
}

/** The name is the gateway's for life. A container of this very resource that holds it was left by a killed run. */
async function clearName(host: Host, name: string, owner: Owner): Promise<void> {
    const existing = await inspectContainer(host, name);
    if (!existing) return;
    if (belongsTo(existing.Config.Labels, owner)) return removeContainer(host, existing.Id);
    throw new Error(describeStranger("container", name, host.address, existing.Config.Labels));
}

function containerOptions(inputs: GatewayState, owner: Owner): Docker.ContainerCreateOptions {
    const { exposed, bindings } = portBindings(inputs.publish);
    return {
        name: inputs.name,
        Image: inputs.image,
        Hostname: inputs.name.slice(0, 63),
        Labels: labelsOf(owner),
        Env: [
            `SWITCHYARD_VIRTUAL_IP=${inputs.virtualIp}`,
            `SWITCHYARD_PUBLIC_SUBNET=${inputs.publicSubnet}`,
            `SWITCHYARD_PRIVATE_SUBNET=${inputs.privateSubnet}`,
            `SWITCHYARD_PRIVATE_GATEWAY=${inputs.privateGateway}`,
            `SWITCHYARD_INTERNAL_VIRTUAL_IP=${inputs.internalVirtualIp}`,
        ],
        ExposedPorts: exposed,
        HostConfig: {
            NetworkMode: inputs.publicNetwork,
            PortBindings: bindings,
            CapDrop: ["ALL"],
            CapAdd: ["NET_ADMIN"],
            SecurityOpt: ["no-new-privileges"],
            ReadonlyRootfs: true,
            Tmpfs: { "/run": "rw,exec,nosuid,nodev,mode=755", "/tmp": "rw,nosuid,nodev" },
            Mounts: [{ Type: "volume", Source: inputs.volume, Target: STATE_DIRECTORY }],
            Memory: MEMORY_BYTES,
            MemorySwap: MEMORY_BYTES,
            PidsLimit: PIDS,
            Sysctls: { "net.ipv4.ip_forward": "1" },
            RestartPolicy: { Name: "unless-stopped" },
        },
        NetworkingConfig: {
            EndpointsConfig: {
                [inputs.publicNetwork]: {
                    IPAMConfig: { IPv4Address: inputs.virtualIp },
                    GwPriority: PUBLIC_PRIORITY,
                } as Docker.EndpointSettings,
            },
        },
    };
}

/** Long enough for an init that cannot run to be seen ending. */
const MOMENT_MS = 300;

/** Starts the container, if need be, and sees it run. */
export async function startGateway(host: Host, id: string, inputs: GatewayState): Promise<void> {
    const before = await inspectContainer(host, id);
    if (!before) throw new Error(`container ${inputs.name} is gone; run pulumi up --refresh to make it again`);
    if (before.State.Paused) await host.docker.getContainer(id).unpause();
    if (before.State.Running) return;
    try {
        await host.docker.getContainer(id).start();
    } catch (error) {
        // 304: somebody else started it.
        if (statusOf(error) !== 304) throw new Error(await explain(host, inputs, reasonOf(error)));
    }
    await sleep(MOMENT_MS);
    const { State } = await host.docker.getContainer(id).inspect();
    if (State.Running && !State.Restarting) return;
    const lines = (await lastLines(host, id, 20)).join("\n");
    throw new Error(`gateway ${inputs.name} ends as soon as it starts (exit code ${State.ExitCode})\n${lines}`.trim());
}

async function explain(host: Host, inputs: GatewayState, reason: string): Promise<string> {
    if (/address already in use/i.test(reason) && !/bind|listen/i.test(reason)) {
        const network = await host.docker.getNetwork(inputs.publicNetwork).inspect();
        const containers: { Name: string; IPv4Address: string }[] = Object.values(network.Containers ?? {});
        const owner = containers.find(({ IPv4Address }) => IPv4Address.split("/")[0] === inputs.virtualIp)?.Name;
        return `virtualIp ${inputs.virtualIp} is taken on network ${inputs.publicNetwork} by ${owner ?? "the network itself"}; choose another virtualIp`;
    }
    const port = /(\d+\.\d+\.\d+\.\d+:\d+)[^\d]*(?:port is already allocated|address already in use)/i.exec(
        reason,
    )?.[1];
    if (port) return `publish: ${port} of ${host.address} is in use already; free it or publish another port`;
    return `gateway ${inputs.name} does not start: ${reason}`;
}
