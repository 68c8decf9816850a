import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Certified {
    readonly certificate: string;
    readonly key: string;
}

interface Wishes {
    /** `DNS:www.contoso.com`, `IP:127.0.0.1` */
    readonly names?: string;
    /** Signs itself where there is none. */
    readonly by?: Certified;
    readonly isAuthority?: boolean;
    /** `20200101000000Z` */
    readonly from?: string;
    readonly until?: string;
}

/** Makes a key and a certificate for it. */
export async function certify({ names, by, isAuthority = false, from, until }: Wishes = {}): Promise<Certified> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-certificate-"));
    const file = (name: string) => path.join(folder, name);
    try {
        const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
        await openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file("key"));
        await openssl("req", "-new", "-key", file("key"), "-subj", "/CN=switchyard test", "-out", file("request"));
        const extensions = [`basicConstraints=CA:${isAuthority ? "TRUE" : "FALSE"}`];
        if (names) extensions.push(`subjectAltName=${names}`);
        // `openssl ca` and not `x509`: older versions of that cannot make certificates of another time.
        await fs.writeFile(
            file("config"),
            [
                "[ca]\ndefault_ca=it\n[it]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\nx509_extensions=extensions",
                `[any]\ncommonName=supplied\n[extensions]\n${extensions.join("\n")}\n`,
            ].join("\n"),
        );
        await fs.writeFile(file("index"), "");
        await fs.writeFile(file("serial"), "01");
        if (by) {
            await fs.writeFile(file("by.key"), by.key);
            await fs.writeFile(file("by.certificate"), by.certificate);
        }
        const signer = by
            ? ["-cert", file("by.certificate"), "-keyfile", file("by.key")]
            : ["-selfsign", "-keyfile", file("key")];
        const validity = from && until ? ["-startdate", from, "-enddate", until] : ["-days", "2"];
        await openssl(
            "ca",
            "-batch",
            "-notext",
            "-config",
            file("config"),
            "-in",
            file("request"),
            "-out",
            file("certificate"),
            ...signer,
            ...validity,
        );
        return {
            certificate: await fs.readFile(file("certificate"), "utf8"),
            key: await fs.readFile(file("key"), "utf8"),
        };
    } finally {
        await fs.rm(folder, { recursive: true, force: true });
    }
}
