import { docker, IMAGE } from "./host";

/** Answers every connection to port 8080 with its name and with the address from which it was asked. */
const ANSWER_WITH_CLIENT = `
    $SIG{TERM} = sub { exit 0 };
    my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 16, ReuseAddr => 1) or die $!;
    while (my $client = $server->accept) { print $client "$ENV{NAME} " . $client->peerhost . "\\n"; close $client }`;

/** Containers and networks that a user made: nothing of Switchyard's is on them. */
export class Guests {
    private readonly containers = new Set<string>();
    private readonly networks = new Set<string>();

    /** `options` of Docker's HostConfig. */
    async run(name: string, options: object): Promise<string> {
        this.containers.add(name);
        const container = await docker.createContainer({
            name,
            Image: IMAGE,
            Env: [`NAME=${name}`],
            Cmd: ["perl", "-MIO::Socket::INET", "-e", ANSWER_WITH_CLIENT],
            ...((options as { NetworkMode: string }).NetworkMode.startsWith("container:")
                ? {}
                : { ExposedPorts: { "8080/tcp": {} } }),
            HostConfig: options,
        });
        await container.start();
        return container.id;
    }

    async network(name: string): Promise<string> {
        this.networks.add(name);
        await docker.createNetwork({ Name: name, CheckDuplicate: true });
        return name;
    }

    async remove(name: string): Promise<void> {
        await docker.getContainer(name).remove({ force: true, v: true });
        this.containers.delete(name);
    }

    async removeAll(): Promise<void> {
        for (const name of this.containers) await this.remove(name).catch(() => undefined);
        for (const name of this.networks) await docker.getNetwork(name).remove();
    }
}
