import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

/** In the place of ssh: notes how it was called, then leads to this machine's Docker as `docker system dial-stdio` would. */
const SSH = (log: string) => `#!/usr/bin/env node
require("node:fs").appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(" ") + "\\n");
if (process.argv.includes("stranger@east.example")) {
    console.error("stranger@east.example: Permission denied (publickey).");
    process.exit(255);
}
const socket = require("node:net").connect("/var/run/docker.sock");
process.stdin.pipe(socket).pipe(process.stdout);
`;

/** Makes it, in a folder; the environment in which it is the one that is found. */
export function fakeSsh(folder: string, log: string): { PATH: string } {
    const file = path.join(folder, "ssh");
    writeFileSync(file, SSH(log));
    chmodSync(file, 0o755);
    return { PATH: `${folder}${path.delimiter}${process.env["PATH"]}` };
}
