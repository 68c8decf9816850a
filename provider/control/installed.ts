import { STATE_DIRECTORY } from "../../model/control";
import { execute } from "../docker/exec";
import type { Host } from "../docker/host";

const CURRENT = `${STATE_DIRECTORY}/agent/current`;

/** The agent that a running container would start now, if it has it; one that runs may have lost its file. */
export async function currentBundle(host: Host, container: string): Promise<string | undefined> {
    const command = ["sh", "-c", `test -e ${CURRENT} && readlink ${CURRENT}`];
    const { exitCode, output } = await execute(host, container, command);
    return exitCode === 0 ? output.replace(/\.js$/, "") : undefined;
}
