import { planOf, TestServer } from "../../../test/runtime/dns/server";
import { address, byClient, random, several } from "../../../test/unit/support/decisions";
import { ADDRESSES, type Server } from "../server";

/** gdnsd as the DNS runtime drives it: each kind of answer that the methods come to. */
export async function switchyard(): Promise<Server> {
    const server = await TestServer.start();
    const [east, west] = ADDRESSES.map(address);
    const networks = { "127.0.0.0/8": "near" };
    await server.engine.apply(
        planOf({
            one: east!,
            random: random(...ADDRESSES.map(address)),
            several: several(ADDRESSES.length, ...ADDRESSES),
            network: byClient({ kind: "networks", networks, otherwise: "far" }, { near: east!, far: west! }),
        }),
    );
    return { port: server.port, pids: () => server.daemons(), end: () => server.stop() };
}
