import { STATE_DIRECTORY } from "../../model/control";
import { execute } from "../docker/exec";
import type { Host } from "../docker/host";

/** Whether a running container has the agent that it would start now; one that runs may have lost its file. */
export async function hasAgent(host: Host, container: string): Promise<boolean> {
    const { exitCode } = await execute(host, container, ["test", "-e", `${STATE_DIRECTORY}/agent/current`]);
    return exitCode === 0;
}
