import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../test/runtime/dns/host";
import { temporaryPath } from "../../support/temporary";
import { spawnServer } from "../spawned";
import { ZONE_HEAD, DOMAIN, type Server } from "../server";

/** gdnsd as it comes, with a record: the limit. */
export async function gdnsd(): Promise<Server> {
    const port = await freePort();
    const folder = temporaryPath("gdnsd");
    mkdirSync(path.join(folder, "zones"), { recursive: true });
    for (const name of ["run", "state"]) mkdirSync(path.join(folder, name), { mode: 0o700 });
    writeFileSync(
        path.join(folder, "config"),
        `options => { listen => "127.0.0.1:${port}", run_dir => "${folder}/run", state_dir => "${folder}/state" }\n`,
    );
    writeFileSync(path.join(folder, "zones", DOMAIN), `${ZONE_HEAD}one A 192.0.2.1\n`);
    return spawnServer(port, ["gdnsd", "-c", folder, "start"]);
}
