import { execFile } from "node:child_process";
import path from "node:path";

const FILE = path.join(__dirname, "../../../dist/cli/main.js");

export interface Ran {
    readonly code: number | null;
    readonly out: string;
    readonly error: string;
}

/** Runs the command as it is installed. */
export function switchyard(...line: string[]): Promise<Ran> {
    return switchyardIn({}, ...line);
}

export function switchyardIn(environment: NodeJS.ProcessEnv, ...line: string[]): Promise<Ran> {
    return new Promise((resolve) => {
        const options = { timeout: 60_000, env: { ...process.env, ...environment } };
        const child = execFile(FILE, line, options, (_, out, error) => resolve({ code: child.exitCode, out, error }));
    });
}
