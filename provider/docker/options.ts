import type { DockerOptions } from "dockerode";
import https from "node:https";
import { sshAgent } from "./ssh";
import { DEFAULT_SOCKET, PORT, TLS_PORT, type Target } from "./target";

/** Everything is said explicitly, because dockerode fills what is absent from DOCKER_HOST. */
export function connectionOptions({ address, tls, sshOptions }: Target): DockerOptions {
    const options: DockerOptions = { host: undefined, port: undefined, socketPath: undefined, protocol: "http" };
    const socket = /^(?:unix|npipe):\/\/(.*)$/.exec(address)?.[1];
    if (socket !== undefined) return { ...options, socketPath: socket || DEFAULT_SOCKET };
    const url = new URL(address);
    if (url.protocol === "ssh:") {
        return { ...options, host: "localhost", agent: sshAgent(url, sshOptions) } as DockerOptions;
    }
    const { hostname: host, port } = url;
    if (!tls) return { ...options, host, port: port || PORT };
    const { ca, cert, key, unverified } = tls;
    const agent = new https.Agent({ keepAlive: true, ca, cert, key, rejectUnauthorized: !unverified });
    return { ...options, host, port: port || TLS_PORT, protocol: "https", agent } as DockerOptions;
}
