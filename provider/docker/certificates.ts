import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a connection over TLS shows and asks for, in PEM. */
export interface Tls {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
    /** Whoever answers is believed: only a Docker context can say so. */
    readonly unverified?: boolean | undefined;
}

/** The files in a folder that the docker command would use. */
export function certificatesIn(folder: string): Tls {
    const read = (name: string) => {
        const file = path.join(folder, name);
        return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    };
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

export function isEmpty({ ca, cert, key }: Tls): boolean {
    return ca === undefined && cert === undefined && key === undefined;
}
