import type Docker from "dockerode";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { STATE_DIRECTORY } from "../../model/control";
import { inspectContainer, lastLines, orRemoved, removeContainer, renameContainer } from "../docker/containers";
import { reasonOf, statusOf } from "../docker/errors";
import { underFreeName } from "../docker/freeName";
import type { Host } from "../docker/host";
import { belongsTo, describeStranger, LABEL, labelsOf, type Owner } from "../docker/labels";
import { isOn } from "../docker/networks";
import { nameOf, publishes, type PortBindings } from "./published";

/** A runtime's container, as far as one kind differs from another. */
export interface ContainerPlan {
    /** What messages call it. */
    readonly noun: string;
    readonly name: string;
    readonly image: string;
    readonly volume: string;
    /** The public one first. */
    readonly networks: readonly [string, ...string[]];
    /** On the public network, and the input that says it. */
    readonly address: { readonly property: string; readonly value: string };
    readonly ports: PortBindings;
    readonly environment?: Readonly<Record<string, string>>;
    /** What it needs beside what all have. */
    readonly hostConfig: Docker.HostConfig & { PidsLimit: number; Memory: number };
}

/** The public network's, so that Docker takes default route and published ports from it (engines before 28 go by name). */
const PUBLIC_PRIORITY = 100;

/** Makes the container, on all its networks; it does not run yet. */
export async function createRuntime(host: Host, plan: ContainerPlan, owner: Owner): Promise<string> {
    const { made: container } = await underFreeName(
        plan.name,
        () => host.docker.createContainer(containerOptions(plan, owner)),
        () => clearName(host, plan.name, owner),
    );
    return orRemoved(host, container.id, async () => {
        for (const network of plan.networks.slice(1))
            await host.docker.getNetwork(network).connect({ Container: container.id });
        return container.id;
    });
}

/**
 * The runtime's container that Pulumi has forgotten (a lost state, a killed run), if it was made of the same plan and is
 * on its networks: those whom it serves need not notice.
 */
export async function forgottenRuntime(host: Host, plan: ContainerPlan, owner: Owner): Promise<string | undefined> {
    const existing = await inspectContainer(host, plan.name);
    if (!existing || !belongsTo(existing.Config.Labels, owner)) return undefined;
    if (existing.Config.Labels[LABEL.plan] !== hashOf(plan)) return undefined;
    const attached = await Promise.all(plan.networks.map((network) => isOn(host, existing, network)));
    return attached.every(Boolean) ? existing.Id : undefined;
}

function hashOf(plan: ContainerPlan): string {
    return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 12);
}

/** The name is the runtime's for life. A container of this very resource that holds it has been forgotten. */
async function clearName(host: Host, name: string, owner: Owner): Promise<true> {
    const existing = await inspectContainer(host, name);
    if (existing && !belongsTo(existing.Config.Labels, owner))
        throw new Error(describeStranger("container", name, host.address, existing.Config.Labels));
    if (existing) await removeContainer(host, existing.Id);
    return true;
}

function containerOptions(plan: ContainerPlan, owner: Owner): Docker.ContainerCreateOptions {
    const [publicNetwork] = plan.networks;
    return {
        name: plan.name,
        Image: plan.image,
        Hostname: plan.name.slice(0, 63),
        Labels: { ...labelsOf(owner), [LABEL.plan]: hashOf(plan) },
        Env: Object.entries(plan.environment ?? {}).map(([key, value]) => `${key}=${value}`),
        ExposedPorts: plan.ports.exposed,
        HostConfig: {
            NetworkMode: publicNetwork,
            PortBindings: plan.ports.bindings,
            CapDrop: ["ALL"],
            SecurityOpt: ["no-new-privileges"],
            ReadonlyRootfs: true,
            Mounts: [{ Type: "volume", Source: plan.volume, Target: STATE_DIRECTORY }],
            MemorySwap: plan.hostConfig.Memory,
            // Not `unless-stopped`: a dockerd that starts after a crash ends what it finds, and takes that for a wish.
            RestartPolicy: { Name: "always" },
            ...plan.hostConfig,
        },
        NetworkingConfig: {
            EndpointsConfig: {
                [publicNetwork]: {
                    IPAMConfig: { IPv4Address: plan.address.value },
                    GwPriority: PUBLIC_PRIORITY,
                } as Docker.EndpointSettings,
            },
        },
    };
}

/** Long enough for an init that cannot run to be seen ending. */
const MOMENT_MS = 300;

/** Starts the container, if need be, and sees it run. */
export async function startRuntime(host: Host, id: string, plan: ContainerPlan): Promise<void> {
    const before = await inspectContainer(host, id);
    if (!before) throw new Error(`container ${plan.name} is gone; run pulumi up --refresh to make it again`);
    await renameContainer(host, before, plan.name);
    if (before.State.Paused) await host.docker.getContainer(id).unpause();
    if (before.State.Running) return;
    try {
        await host.docker.getContainer(id).start();
    } catch (error) {
        // 304: somebody else started it.
        if (statusOf(error) !== 304) throw new Error(await explain(host, plan, reasonOf(error)));
    }
    await sleep(MOMENT_MS);
    const { State } = await host.docker.getContainer(id).inspect();
    if (State.Running && !State.Restarting) return;
    const lines = (await lastLines(host, id, 20)).join("\n");
    throw new Error(
        `${plan.noun} ${plan.name} ends as soon as it starts (exit code ${State.ExitCode})\n${lines}`.trim(),
    );
}

async function explain(host: Host, plan: ContainerPlan, reason: string): Promise<string> {
    const { noun, name, networks, address } = plan;
    if (/address already in use/i.test(reason) && !/bind|listen/i.test(reason)) {
        const network = await host.docker.getNetwork(networks[0]).inspect();
        const containers: { Name: string; IPv4Address: string }[] = Object.values(network.Containers ?? {});
        const owner = containers.find(({ IPv4Address }) => IPv4Address.split("/")[0] === address.value)?.Name;
        return `${address.property} ${address.value} is taken on network ${networks[0]} by ${owner ?? "the network itself"}; choose another ${address.property}`;
    }
    if (/user configured subnets/i.test(reason)) {
        return `network ${networks[0]} got its address space from Docker, which gives no fixed addresses there; make it with a subnet (docker network create --subnet, or ipamConfigs of a docker.Network)`;
    }
    const port = /(\d+\.\d+\.\d+\.\d+:\d+)[^\d]*(?:port is already allocated|address already in use)/i.exec(
        reason,
    )?.[1];
    if (port) return `publish: ${port} of ${host.address} is in use already${await holderOf(host, plan, port)}`;
    return `${noun} ${name} does not start: ${reason}`;
}

/** Who has the port: a preview lets pass what the stack itself holds, since that may be on its way out. */
async function holderOf(host: Host, { ports }: ContainerPlan, where: string): Promise<string> {
    const [address, port] = where.split(":") as [string, string];
    const protocols = Object.entries(ports.bindings)
        .filter(([, bindings]) => bindings.some(({ HostPort }) => HostPort === port))
        .map(([key]) => key.split("/")[1]!);
    const holder = (await host.docker.listContainers()).find((container) =>
        protocols.some((protocol) => publishes(container, { address, port: Number(port), protocol })),
    );
    const advice = "; free it or publish another port";
    if (!holder) return advice;
    return `, by ${nameOf(holder)}${advice} (what is renamed is made before the old one goes, unless its old name is among its aliases)`;
}
