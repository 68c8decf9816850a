import type { DockerOptions } from "dockerode";
import https from "node:https";
import { sshAgent } from "./ssh";
import type { Target } from "./target";

/** Everything is said explicitly, because dockerode fills what is absent from DOCKER_HOST. */
export function connectionOptions({ address, tls, sshOptions }: Target): DockerOptions {
    const options: DockerOptions = { host: undefined, port: undefined, socketPath: undefined, protocol: "http" };
    const socket = /^(?:unix|npipe):\/\/(.*)$/.exec(address)?.[1];
    if (socket !== undefined) return { ...options, socketPath: socket || "/var/run/docker.sock" };
    const url = new URL(address);
    if (url.protocol === "ssh:") {
        return { ...options, host: "localhost", agent: sshAgent(url, sshOptions) } as DockerOptions;
    }
    const { hostname: host, port } = url;
    if (!tls) return { ...options, host, port: port || "2375" };
    const { ca, cert, key, unverified } = tls;
    const agent = new https.Agent({ keepAlive: true, ca, cert, key, rejectUnauthorized: !unverified });
    return { ...options, host, port: port || "2376", protocol: "https", agent } as DockerOptions;
}
