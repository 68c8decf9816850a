import type Docker from "dockerode";
import { DEFAULT_LOGS, type LogLimits, type Logs } from "../../model/resources/machine/logs";
import { parseMemory } from "../../model/resources/memory";
import type { Host } from "../docker/host";

/** The drivers that keep files. Only the first keeps them without end where nobody says otherwise. */
const UNLIMITED = "json-file";
const LIMITED = "local";

/** Nothing leaves it to the Docker host. */
export async function logConfigOf(host: Host, logs: Logs | undefined): Promise<Docker.HostConfig["LogConfig"]> {
    if (logs === "host") return undefined;
    const driver = await host.loggingDriver();
    if (logs !== undefined) return configOf(driver, logs);
    return driver === UNLIMITED ? configOf(driver, DEFAULT_LOGS) : undefined;
}

/** Why the host cannot keep such limits. */
export async function logsProblem(host: Host, logs: Logs | undefined): Promise<string | undefined> {
    if (logs === undefined || typeof logs === "string") return undefined;
    const driver = await host.loggingDriver();
    if (driver === UNLIMITED || driver === LIMITED) return undefined;
    return `logs: has limits, but Docker on ${host.address} gives logs to ${driver}, which keeps no files; leave it out or say "host"`;
}

function configOf(driver: string, { maxSize, maxFiles }: LogLimits) {
    return { Type: driver, Config: { "max-size": String(parseMemory(maxSize)), "max-file": String(maxFiles) } };
}
