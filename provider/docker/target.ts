import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { DockerHost } from "../../model/resources/docker";
import { certificatesIn, isEmpty, type Tls } from "./certificates";
import { currentContext, DEFAULT_CONTEXT, dockerFolder, readContext } from "./contexts";

/** Those of a Docker Engine that is not told another, in plain and encrypted. */
export const PORT = "2375";
export const TLS_PORT = "2376";
export const DEFAULT_SOCKET = "/var/run/docker.sock";
const DEFAULT_PIPE = "//./pipe/docker_engine";

/** Where a Docker Engine is, and what a connection to it takes. */
export interface Target {
    /** As a user would write it. */
    readonly address: string;
    /** Absent where the connection is in plain, or another's to encrypt. */
    readonly tls?: Tls | undefined;
    /** Given to ssh as they are. */
    readonly sshOptions: readonly string[];
}

/**
 * The host that is given, and else the one that the docker command would take. As in `@pulumi/docker` a context
 * overrides a host.
 */
export function targetOf(docker: DockerHost = {}): Target {
    const { host, context: named, sshOpts: sshOptions = [] } = docker;
    const given = tlsOf(docker);
    const at = (written: string, stored?: Tls): Target => {
        const address = written.includes("://") ? written : `tcp://${written}`;
        return { address, tls: tlsFor(address, given ?? stored), sshOptions };
    };
    const written = named === undefined && host ? host : process.env["DOCKER_HOST"];
    if (written && (named === undefined || named === DEFAULT_CONTEXT)) return at(written);
    const context = named ?? currentContext();
    if (context === undefined || context === DEFAULT_CONTEXT) return at(thisMachine());
    const stored = readContext(context);
    return at(stored.host, stored.tls);
}

function thisMachine(): string {
    if (process.platform === "win32") return `npipe://${DEFAULT_PIPE}`;
    const ofUser = path.join(homedir(), ".docker/run/docker.sock");
    return `unix://${existsSync(ofUser) ? ofUser : DEFAULT_SOCKET}`;
}

/** What the program gives: texts before files. */
function tlsOf({ caMaterial, certMaterial, keyMaterial, certPath }: DockerHost): Tls | undefined {
    const given = { ca: caMaterial, cert: certMaterial, key: keyMaterial };
    if (certPath === undefined) return isEmpty(given) ? undefined : given;
    if (!existsSync(certPath)) throw new Error(`docker.certPath: there is no folder ${certPath} on this machine`);
    const files = certificatesIn(certPath);
    // A certificate goes with its own key.
    const client = given.cert === undefined ? files : given;
    return { ca: given.ca ?? files.ca, cert: client.cert, key: client.key };
}

/** By what was given for it, by the address, or because the user says so of all addresses. */
function tlsFor(address: string, given: Tls | undefined): Tls | undefined {
    const url = /^(tcp|https):/.test(address) ? new URL(address) : undefined;
    if (!url) return undefined;
    const wanted = url.protocol === "https:" || url.port === TLS_PORT || Boolean(process.env["DOCKER_TLS_VERIFY"]);
    if (given === undefined && !wanted) return undefined;
    return given ?? certificatesIn(process.env["DOCKER_CERT_PATH"] || dockerFolder());
}
