import { once } from "node:events";
import net from "node:net";
import { EngineLog } from "./engine";
import { IMAGE, removeEverythingOf } from "./host";
import { ResourceMaker, type Made } from "./made";
import { ProviderProcess, type Properties } from "./providerProcess";
import { TestStack } from "./resources";

/** A cloud service with machines, resource by resource. */
export class CloudServiceUnderTest extends ResourceMaker {
    /** Everything up to a gateway with its agent. */
    async start(publish: Properties): Promise<void> {
        const { public: publicSpace, private: privateSpace } = this.stack.addressSpaces;
        const publicNetwork = await this.make("publicNetwork", "public", { addressSpace: publicSpace });
        const privateNetwork = await this.make("privateNetwork", "east-private", {
            addressSpace: privateSpace,
            sortsAfter: publicNetwork.properties["name"],
        });
        const volume = await this.make("runtimeVolume", "east-state", {});
        const image = await this.make("runtimeImage", "east-image", {});
        const gateway = await this.make("gateway", "east-gateway", {
            image: image.properties["name"],
            volume: volume.properties["name"],
            publicNetwork: publicNetwork.properties["name"],
            publicSubnet: publicNetwork.properties["addressSpace"],
            privateNetwork: privateNetwork.properties["name"],
            privateSubnet: privateNetwork.properties["addressSpace"],
            privateGateway: privateNetwork.properties["gatewayAddress"],
            internalVirtualIp: privateNetwork.properties["internalVirtualIp"],
            publish,
        });
        await this.make("balancerAgent", "east-agent", { gateway: gateway.properties["name"] });
    }

    get gateway(): string {
        return this.resources["east-gateway"]!.properties["name"] as string;
    }

    get privateNetwork(): string {
        return this.resources["east-private"]!.properties["name"] as string;
    }

    /** A machine that answers every connection to port 8080 with its name. */
    machine(name: string, properties: Properties = {}): Promise<Made> {
        return this.make("virtualMachine", name, this.machineInputs(name, properties));
    }

    machineInputs(name: string, properties: Properties = {}): Properties {
        return {
            alias: name,
            network: this.privateNetwork,
            gateway: this.gateway,
            image: IMAGE,
            command: ["perl", "-MIO::Socket::INET", "-e", ANSWER_WITH_NAME],
            environment: { NAME: name },
            ...properties,
        };
    }

    balancerInputs(properties: Properties): Properties {
        return { gateway: this.gateway, privateNetwork: this.privateNetwork, waitSeconds: 20, ...properties };
    }
}

/** All that a file of tests about a gateway needs, which forwards a port of this machine to its port 80. */
export class GatewayUnderTest {
    readonly stack = new TestStack();
    engine!: EngineLog;
    provider!: ProviderProcess;
    east!: CloudServiceUnderTest;
    port!: number;

    async start(): Promise<void> {
        this.engine = await EngineLog.start();
        this.provider = await ProviderProcess.start({ engine: this.engine.address });
        this.east = new CloudServiceUnderTest(this.provider, this.stack);
        this.port = await freePort();
        await this.east.start({ address: "127.0.0.1", ports: [`${this.port}:80`] });
    }

    async remove(): Promise<void> {
        await this.provider.stop();
        this.engine.stop();
        await removeEverythingOf(this.stack);
    }
}

const ANSWER_WITH_NAME = `
    $SIG{TERM} = sub { exit 0 };
    my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 16, ReuseAddr => 1) or die $!;
    while (my $client = $server->accept) { print $client "$ENV{NAME}\\n"; close $client }`;

/** A set of these machines on public port 80, probed often so that tests are short. */
export function setOf(machines: readonly Made[], properties: Properties = {}): Properties {
    return {
        protocol: "tcp",
        publicPort: 80,
        privatePort: 8080,
        probe: { protocol: "tcp", intervalSeconds: 0.5, healthyThreshold: 1 },
        drainSeconds: 0,
        members: Object.fromEntries(machines.map(({ name, properties }) => [name, { container: properties["name"] }])),
        ...properties,
    };
}

/** What a machine says to a client of this published port; undefined when nobody answers. */
export async function answerAt(port: number): Promise<string | undefined> {
    const socket = net.connect({ host: "127.0.0.1", port });
    socket.setTimeout(3_000, () => socket.destroy());
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    socket.on("error", () => {});
    await once(socket, "close");
    return answer.trim() || undefined;
}

export async function freePort(): Promise<number> {
    const server = net.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}
