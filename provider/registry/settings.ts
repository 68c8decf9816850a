import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { registryName } from "../../model/resources/registryAuth";
import { dockerFolder } from "../docker/contexts";

/** What `X-Registry-Auth` carries. */
export interface Login {
    readonly serveraddress: string;
    readonly username?: string | undefined;
    readonly password?: string | undefined;
    /** Instead of both. */
    readonly identitytoken?: string | undefined;
    readonly registrytoken?: string | undefined;
}

const texts = z.object({
    auth: z.string().optional(),
    username: z.string().optional(),
    password: z.string().optional(),
    identitytoken: z.string().optional(),
    registrytoken: z.string().optional(),
});

const settings = z.object({
    auths: z.record(z.string(), texts).optional(),
    credsStore: z.string().optional(),
    credHelpers: z.record(z.string(), z.string()).optional(),
});

/** Of the docker command: where it keeps its logins. */
export type Settings = z.infer<typeof settings>;

export interface Source {
    /** As a user knows it. */
    readonly name: string;
    /** Absent where there are none. */
    readonly settings?: Settings | undefined;
    readonly problem?: string;
}

/** In the order in which the docker command asks them. */
export function sources(): Source[] {
    const file = path.join(dockerFolder(), "config.json");
    const inEnvironment = process.env["DOCKER_AUTH_CONFIG"];
    return [...(inEnvironment ? [parse("DOCKER_AUTH_CONFIG", inEnvironment)] : []), parse(file, readOrNothing(file))];
}

function readOrNothing(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
}

function parse(name: string, text: string | undefined): Source {
    if (text === undefined) return { name };
    try {
        return { name, settings: settings.parse(JSON.parse(text)) };
    } catch {
        // What is wrong with it may lie in the midst of a password.
        return { name, problem: `${name} is not what docker login writes` };
    }
}

/** The login that stands in the settings themselves. */
export function loginIn({ auths = {} }: Settings, registry: string): Login | undefined {
    const key = Object.keys(auths).find((address) => registryName(address) === registry);
    if (key === undefined) return undefined;
    const { auth, ...entry } = auths[key]!;
    const [username, password] = auth ? decode(auth) : [entry.username, entry.password];
    const login = { ...entry, username, password, serveraddress: addressOf(registry) };
    // `docker login` leaves an empty entry for what is in a credential store.
    return login.password || login.identitytoken || login.registrytoken ? login : undefined;
}

/** A password may hold colons, a user's name may not. */
function decode(auth: string): [username: string, password: string] {
    const text = Buffer.from(auth, "base64").toString("utf8");
    const colon = text.indexOf(":");
    return [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1).replace(/\0+$/, "")];
}

/** The name by which credential stores know a registry. */
export function addressOf(registry: string): string {
    return registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
}
