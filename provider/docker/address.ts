import type { DockerOptions } from "dockerode";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { sshAgent } from "./ssh";

const TLS_PORT = "2376";
const DEFAULT_SOCKET = "/var/run/docker.sock";
const DEFAULT_PIPE = "//./pipe/docker_engine";

/** Where Docker is: the host given, else DOCKER_HOST, else this machine. */
export function addressOf(host: string | undefined): string {
    const given = host || process.env["DOCKER_HOST"];
    if (given) return given.includes("://") ? given : `tcp://${given}`;
    if (process.platform === "win32") return `npipe://${DEFAULT_PIPE}`;
    const ofUser = path.join(homedir(), ".docker/run/docker.sock");
    return `unix://${existsSync(ofUser) ? ofUser : DEFAULT_SOCKET}`;
}

/** Everything is said explicitly, because dockerode fills what is absent from DOCKER_HOST. */
export function connectionOptions(address: string): DockerOptions {
    const options: DockerOptions = { host: undefined, port: undefined, socketPath: undefined, protocol: "http" };
    const socket = /^(?:unix|npipe):\/\/(.*)$/.exec(address)?.[1];
    if (socket !== undefined) return { ...options, socketPath: socket || DEFAULT_SOCKET };
    const url = new URL(address);
    if (url.protocol === "ssh:") return { ...options, host: "localhost", agent: sshAgent(url) } as DockerOptions;
    const secure = url.protocol === "https:" || url.port === TLS_PORT || Boolean(process.env["DOCKER_TLS_VERIFY"]);
    return {
        ...options,
        host: url.hostname,
        port: url.port || (secure ? TLS_PORT : "2375"),
        protocol: secure ? "https" : "http",
        ...(secure ? certificates() : {}),
    };
}

function certificates(): Pick<DockerOptions, "ca" | "cert" | "key"> {
    const folder = process.env["DOCKER_CERT_PATH"] || path.join(homedir(), ".docker");
    const read = (name: string) => {
        const file = path.join(folder, name);
        return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    };
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
