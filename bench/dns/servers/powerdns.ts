import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../test/runtime/dns/host";
import { temporaryPath } from "../../support/temporary";
import { spawnServer } from "../spawned";
import { ADDRESSES, DOMAIN, ZONE_HEAD, type Server } from "../server";

/** PowerDNS with LUA records that share their state, which is the faster way. */
export async function powerdns(): Promise<Server> {
    const port = await freePort();
    const folder = temporaryPath("powerdns");
    mkdirSync(folder);
    const choice = `pickrandom({${ADDRESSES.map((address) => `'${address}'`).join(",")}})`;
    writeFileSync(path.join(folder, "zone"), `${ZONE_HEAD}random IN LUA A "${choice}"\n`);
    writeFileSync(path.join(folder, "named.conf"), `zone "${DOMAIN}" { type master; file "${folder}/zone"; };\n`);
    const settings = {
        "config-dir": folder,
        "socket-dir": folder,
        "local-address": "127.0.0.1",
        "local-port": port,
        launch: "bind",
        "bind-config": `${folder}/named.conf`,
        "enable-lua-records": "shared",
        daemon: "no",
        guardian: "no",
        "security-poll-suffix": "",
    };
    const options = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    return spawnServer(port, ["pdns_server", ...options], "random");
}
