import { writeFileSync } from "node:fs";
import { planOf, TestServer } from "../../../test/runtime/dns/server";
import { address, byClient, random, several } from "../../../test/unit/support/decisions";
import { geoDatabase } from "../../../test/unit/support/geoDatabase";
import { temporaryPath } from "../../support/temporary";
import { ADDRESSES, type Server } from "../server";

/** gdnsd as the DNS runtime drives it: each kind of answer that the methods come to. */
export async function switchyard(): Promise<Server> {
    const database = temporaryPath("geo");
    writeFileSync(database, geoDatabase(placesOfNetworks()));
    const server = await TestServer.start(() => database);
    const [east, west] = ADDRESSES.map(address);
    const networks = { "127.0.0.0/8": "near" };
    const places = { US: "near" };
    const cases = { near: east!, far: west! };
    await server.engine.apply(
        planOf(
            {
                one: east!,
                random: random(...ADDRESSES.map(address)),
                several: several(ADDRESSES.length, ...ADDRESSES),
                network: byClient({ kind: "networks", networks, otherwise: "far" }, cases),
                place: byClient({ kind: "places", places, otherwise: "far" }, cases),
            },
            { geoDatabase: "bench" },
        ),
    );
    return { port: server.port, pids: () => server.daemons(), end: () => server.stop() };
}

/** Where clients are: 10,000 networks of two countries, and the loopback. */
function placesOfNetworks(): Record<string, string> {
    const networks = Array.from({ length: 9_999 }, (_, n) => {
        return [`10.${n >> 8}.${n & 255}.0/24`, n % 2 === 0 ? "FR" : "JP"] as const;
    });
    return { ...Object.fromEntries(networks), "127.0.0.0/8": "US" };
}
