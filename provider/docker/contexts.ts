import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { certificatesIn, isEmpty, type Tls } from "./certificates";

/** What is not a context: DOCKER_HOST or this machine, whatever the current context is. */
export const DEFAULT_CONTEXT = "default";

const metadata = z.object({
    Endpoints: z.object({ docker: z.object({ Host: z.string().min(1), SkipTLSVerify: z.boolean().optional() }) }),
});

/** Where the docker command keeps its settings. */
export function dockerFolder(): string {
    return process.env["DOCKER_CONFIG"] || path.join(homedir(), ".docker");
}

/** The context that the docker command would use, where neither the program nor DOCKER_HOST says otherwise. */
export function currentContext(): string | undefined {
    const named = process.env["DOCKER_CONTEXT"] || contextOfSettings();
    return named === DEFAULT_CONTEXT ? undefined : named;
}

function contextOfSettings(): string | undefined {
    const settings = z
        .object({ currentContext: z.string().optional() })
        .safeParse(json(path.join(dockerFolder(), "config.json")));
    return settings.data?.currentContext || undefined;
}

/** What `docker context create` stored. */
export function readContext(name: string): { host: string; tls: Tls | undefined } {
    const id = createHash("sha256").update(name).digest("hex");
    const folder = path.join(dockerFolder(), "contexts");
    const file = path.join(folder, "meta", id, "meta.json");
    if (!existsSync(file))
        throw new Error(`there is no Docker context ${name} on this machine; docker context ls shows those that are`);
    const stored = metadata.safeParse(json(file));
    if (!stored.success) throw new Error(`Docker context ${name} names no Docker host (in ${file})`);
    const { Host: host, SkipTLSVerify: unverified } = stored.data.Endpoints.docker;
    const tls = certificatesIn(path.join(folder, "tls", id, "docker"));
    return { host, tls: isEmpty(tls) && !unverified ? undefined : { ...tls, unverified } };
}

function json(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
}
