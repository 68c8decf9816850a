import { once } from "node:events";
import net from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseUrn } from "../../model/names";
import { UNKNOWN } from "../../model/schema/unknown";
import type { Host } from "../../provider/docker/host";
import type { ContainerPlan } from "../../provider/runtime/container";
import { refuseRuntime } from "../../provider/runtime/refusals";

const server = net.createServer();
let port: string;
beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    port = String((server.address() as net.AddressInfo).port);
});
afterAll(() => void server.close());

/** A Docker host with networks of these gateways. */
function hostWith(networks: Record<string, string>, address = "unix:///var/run/docker.sock"): Host {
    const gone = () => Promise.reject(Object.assign(new Error(), { statusCode: 404 }));
    const inspect = (name: string) =>
        networks[name] ? Promise.resolve({ IPAM: { Config: [{ Gateway: networks[name] }] } }) : gone();
    const docker = {
        listContainers: () => Promise.resolve([]),
        getContainer: () => ({ inspect: gone }),
        getNetwork: (name: string) => ({ inspect: () => inspect(name) }),
    };
    return { address, docker } as unknown as Host;
}

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/switchyard:Gateway::east";
async function refused(host: Host, network = "lan", HostIp = "127.0.0.1"): Promise<string[]> {
    const plan = {
        name: "dev-east",
        networks: [network],
        address: { property: "virtualIp", value: "192.0.2.9" },
        ports: { exposed: {}, bindings: { "80/tcp": [{ HostIp, HostPort: port }] } },
    };
    return refuseRuntime(plan as unknown as ContainerPlan, host, { identity: parseUrn(urn), urn, type: "Gateway" });
}

/** One of this machine's addresses, and one that is nobody's. */
const [HERE, ELSEWHERE] = ["127.0.0.1", "192.0.2.1"];

it.each([
    ["on the Docker host", hostWith({ lan: HERE, bridge: ELSEWHERE }), "lan", true],
    ["on the Docker host, before its network is made", hostWith({ bridge: HERE }), "lan", true],
    ["on the Docker host, in a first preview", hostWith({ bridge: HERE }), UNKNOWN, true],
    ["in a container with the host's socket", hostWith({ lan: ELSEWHERE, bridge: HERE }), "lan", false],
    ["in such a container, before its network is made", hostWith({ bridge: ELSEWHERE }), "lan", false],
    ["beside a host that tells no gateway", hostWith({}), "lan", false],
    ["on another machine", hostWith({ lan: HERE }, "tcp://192.0.2.1:2375"), "lan", false],
])("given a process %s, then a port that a program of this machine has counts only there", async (...given) => {
    const [, host, network, sees] = given;
    expect(await refused(host, network)).toEqual(sees ? [expect.stringMatching("by another program")] : []);
});

it("given an address to publish at that this machine lacks, then that counts only on the Docker host, with the network there", async () => {
    const lacks = [expect.stringMatching(/^publish.address: must be an address of the Docker host/)];
    expect(await refused(hostWith({ lan: HERE }), "lan", "192.0.2.7")).toEqual(lacks);
    expect(await refused(hostWith({ lan: ELSEWHERE }), "lan", "192.0.2.7")).toEqual([]);
    expect(await refused(hostWith({ bridge: HERE }), "lan", "192.0.2.7")).toEqual([]);
});
