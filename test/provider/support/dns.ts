import { ResourceMaker, type Made } from "./made";
import type { Properties } from "./providerProcess";

/** A DNS runtime, resource by resource. */
export class DnsUnderTest extends ResourceMaker {
    /** What the program says of the server. */
    serverInputs: Properties = {};

    /** Everything up to a server that waits for its agent. */
    async startServer(properties: Properties): Promise<void> {
        const publicNetwork = await this.make("publicNetwork", "public", {
            addressSpace: this.stack.addressSpaces.public,
        });
        const volume = await this.make("runtimeVolume", "ns1-state", {});
        const image = await this.make("runtimeImage", "dns-image", { runtime: "dns" });
        this.serverInputs = {
            image: image.properties["name"],
            volume: volume.properties["name"],
            publicNetwork: publicNetwork.properties["name"],
            publicSubnet: publicNetwork.properties["addressSpace"],
            ...properties,
        };
        await this.make("dnsServer", "ns1", this.serverInputs);
    }

    /** A server with its agent. */
    async start(properties: Properties): Promise<void> {
        await this.startServer(properties);
        await this.make("dnsAgent", "ns1-agent", { server: this.server.properties["name"] });
    }

    /** Zones with these policies, as the sdk resolves them. */
    configuration(properties: Properties): Properties {
        const { name, address } = this.server.properties;
        return {
            server: name,
            domain: "trafficmanager.test",
            nameServers: { ns1: { hostName: "ns1.trafficmanager.test", addresses: [address] } },
            ...properties,
        };
    }

    get server(): Made {
        return this.resources["ns1"]!;
    }
}
