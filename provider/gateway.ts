import type { z } from "zod";
import { gateway as schema, type GatewayState } from "../model/resources/gateway";
import { GATEWAY } from "./control/runtimes";
import { chosenAddress } from "./runtime/address";
import { portBindings } from "./runtime/published";
import { runtimeContainer } from "./runtimeContainer";

/** 1,000 sets need 83 MB in the kernel and about as much in the agent. */
const MEMORY_BYTES = 512 * 1024 ** 2;
const PIDS = 256;

export const gateway = runtimeContainer<z.output<typeof schema>, GatewayState>({
    type: "Gateway",
    schema,
    runtime: GATEWAY,
    networks: ["publicNetwork", "privateNetwork"],
    replaceOn: [
        "image",
        "volume",
        "publicNetwork",
        "publicSubnet",
        "virtualIp",
        "privateNetwork",
        "privateSubnet",
        "internalVirtualIp",
        "privateGateway",
        "publish",
    ],

    derive: async ({ earlier, ...inputs }, context) => ({
        ...inputs,
        virtualIp: inputs.virtualIp ?? (await chosenAddress("virtualIp", "gateways", { ...inputs, earlier }, context)),
        state: "running",
    }),

    gap: ({ name, virtualIp }, replaces) =>
        replaces.includes("privateNetwork")
            ? `${name} (${virtualIp}) is replaced together with its private network and the machines there; none of them is reached until the new ones are`
            : `${name} (${virtualIp}) is replaced: about a second without service; established TCP connections to the VIP survive it, those through published ports and outbound ones of its machines do not`,

    plan: (inputs) => ({
        noun: GATEWAY.noun,
        name: inputs.name,
        image: inputs.image,
        volume: inputs.volume,
        networks: [inputs.publicNetwork, inputs.privateNetwork],
        address: { property: "virtualIp", value: inputs.virtualIp },
        ports: portBindings(inputs.publish),
        environment: {
            SWITCHYARD_VIRTUAL_IP: inputs.virtualIp,
            SWITCHYARD_PUBLIC_SUBNET: inputs.publicSubnet,
            SWITCHYARD_PRIVATE_SUBNET: inputs.privateSubnet,
            SWITCHYARD_PRIVATE_GATEWAY: inputs.privateGateway,
            SWITCHYARD_INTERNAL_VIRTUAL_IP: inputs.internalVirtualIp,
        },
        hostConfig: {
            CapAdd: ["NET_ADMIN"],
            Tmpfs: { "/run": "rw,exec,nosuid,nodev,mode=755", "/tmp": "rw,nosuid,nodev" },
            Memory: MEMORY_BYTES,
            PidsLimit: PIDS,
            Sysctls: { "net.ipv4.ip_forward": "1" },
        },
    }),
});
