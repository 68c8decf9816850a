import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { addressOf, type Login } from "./settings";

/** One that asks the user something would wait for ever. */
const LONGEST_MS = 60_000;

/** A user of that name has a token for a password. */
const TOKEN_USER = "<token>";

const answer = z.object({ Username: z.string(), Secret: z.string() });

/** What a credential helper has for the registry; undefined for nothing. Its answer is in no error. */
export async function askHelper(helper: string, registry: string): Promise<Login | undefined> {
    const command = `docker-credential-${helper}`;
    const { code, output } = await run(command, addressOf(registry));
    if (code !== 0) {
        if (/credentials not found/i.test(output)) return undefined;
        throw new Error(`${command} fails: ${firstLine(output) || `exit code ${code}`}`);
    }
    const parsed = answer.safeParse(jsonOrNothing(output));
    if (!parsed.success) throw new Error(`${command} does not answer as credential helpers do`);
    return loginOf(registry, parsed.data.Username, parsed.data.Secret);
}

export function loginOf(registry: string, username: string, secret: string): Login | undefined {
    if (secret === "") return undefined;
    const serveraddress = addressOf(registry);
    if (username === TOKEN_USER) return { serveraddress, identitytoken: secret };
    return { serveraddress, username, password: secret };
}

async function run(command: string, input: string): Promise<{ code: number | null; output: string }> {
    const child = spawn(command, ["get"], { stdio: ["pipe", "pipe", "ignore"], timeout: LONGEST_MS });
    const ended = new Promise<number | null>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", resolve);
    });
    // One that reads nothing may be gone before it is told.
    child.stdin.on("error", () => undefined).end(input);
    try {
        const [output, code] = await Promise.all([text(child.stdout), ended]);
        if (child.signalCode !== null) throw new Error(`${command} was ended by ${child.signalCode}`);
        return { code, output: output.trim() };
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Error(`${command} is not on PATH`);
        throw error;
    }
}

function firstLine(output: string): string {
    return output.split("\n")[0]!.slice(0, 200);
}

function jsonOrNothing(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
