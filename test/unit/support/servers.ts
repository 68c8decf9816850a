import net, { type AddressInfo } from "node:net";

export const LOOPBACK = "127.0.0.1";

/** Servers of a test on loopback, each on a port that nobody had. */
export class Servers {
    private readonly servers: net.Server[] = [];
    private readonly sockets = new Set<net.Socket>();

    async listen(server: net.Server): Promise<number> {
        this.servers.push(server);
        server.on("connection", (socket: net.Socket) => this.sockets.add(socket));
        await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
        return (server.address() as AddressInfo).port;
    }

    /** A port on which nobody listens. */
    async freePort(): Promise<number> {
        const port = await this.listen(net.createServer());
        await new Promise((resolve) => this.servers.pop()!.close(resolve));
        return port;
    }

    /** Ends all of them and their connections. */
    async close(): Promise<void> {
        for (const socket of this.sockets) socket.destroy();
        await Promise.all(this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    }
}
