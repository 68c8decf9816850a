import type { z } from "zod";
import { dnsServer as schema, type DnsPublish, type DnsServerState } from "../model/resources/dns";
import { isUnknown } from "../model/schema/unknown";
import { DNS } from "./control/runtimes";
import { chosenAddress } from "./runtime/address";
import { portBindings } from "./runtime/published";
import { runtimeContainer } from "./runtimeContainer";

/** 10,000 names need 60 MB in gdnsd, of which there are two while one hands over to the next, and more in the agent. */
const MEMORY_BYTES = 512 * 1024 ** 2;
/** As whom everything in it runs; its image says the same. */
const USER = 5353;
/** gdnsd has four threads a processor by default, and twice that for the same moment. */
const PIDS = 1024;

export const dnsServer = runtimeContainer<z.output<typeof schema>, DnsServerState>({
    type: "DnsServer",
    schema,
    runtime: DNS,
    networks: ["publicNetwork"],
    replaceOn: ["image", "volume", "publicNetwork", "publicSubnet", "address", "publish", "resolvers"],

    derive: async (inputs, context) => ({
        ...inputs,
        address: inputs.address ?? (await chosenAddress("address", "nameServers", inputs, context)),
        state: "running",
    }),

    plan: (inputs) => ({
        noun: DNS.noun,
        name: inputs.name,
        image: inputs.image,
        volume: inputs.volume,
        networks: [inputs.publicNetwork],
        address: { property: "address", value: inputs.address },
        ports: portBindings(publishOf(inputs.publish)),
        hostConfig: {
            Tmpfs: { "/run": `rw,exec,nosuid,nodev,mode=755,uid=${USER},gid=${USER}`, "/tmp": "rw,nosuid,nodev" },
            Sysctls: { "net.ipv4.ip_unprivileged_port_start": "53" },
            Memory: MEMORY_BYTES,
            PidsLimit: PIDS,
            ...(inputs.resolvers && { Dns: [...inputs.resolvers] }),
        },
    }),

    gap: ({ name, address }) =>
        `${name} (${address}) is replaced and answers nobody for a moment (about 1.3 s); resolvers ask the traffic manager's other servers meanwhile, where it has any`,
});

function publishOf(publish: DnsPublish | undefined) {
    if (publish === undefined || isUnknown(publish.port)) return undefined;
    const { address, port } = publish;
    return { address, ports: [`${port}:53/tcp`, `${port}:53/udp`] };
}
