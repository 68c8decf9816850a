import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../../test/runtime/dns/host";
import { temporaryPath } from "../../support/temporary";
import { spawnServer } from "../spawned";
import { ADDRESSES, DOMAIN, ZONE_HEAD, type Server } from "../server";

const RANDOM = ADDRESSES.map((address) => `  - weight: 1\n    A: ${address}`);
const BY_NETWORK = [`  - net: 127.0.0.0/8\n    A: ${ADDRESSES[0]}`, `  - net: 0.0.0.0/0\n    A: ${ADDRESSES[1]}`];

/** Knot with its geoip module, by weight or by the client's network. */
export async function knot(mode: "weighted" | "subnet"): Promise<Server> {
    const port = await freePort();
    const folder = temporaryPath("knot");
    mkdirSync(folder);
    const file = (name: string, content: string) => {
        writeFileSync(path.join(folder, name), content);
        return path.join(folder, name);
    };
    const name = mode === "weighted" ? "random" : "network";
    const answers = mode === "weighted" ? RANDOM : BY_NETWORK;
    const choices = file("choices.yaml", `${name}.${DOMAIN}:\n${answers.join("\n")}\n`);
    const zone = file("zone", `${ZONE_HEAD}${name} A ${ADDRESSES[0]}\n`);
    const configuration = file(
        "knot.conf",
        `server:
    rundir: ${folder}
    listen: 127.0.0.1@${port}
database:
    storage: ${folder}
mod-geoip:
  - id: choices
    config-file: ${choices}
    ttl: 300
    mode: ${mode}
zone:
  - domain: ${DOMAIN}
    file: ${zone}
    module: mod-geoip/choices
`,
    );
    return spawnServer(port, ["knotd", "--config", configuration], name);
}
