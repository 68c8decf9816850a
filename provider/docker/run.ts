import { lastLines, orRemoved, removeContainer } from "./containers";
import type { ExecResult } from "./exec";
import type { Host } from "./host";

const SHOWN_LINES = 20;

/**
 * Runs a shell script in the network namespace of a running container, from another image: the container itself may
 * hold no tool for it, and need not be allowed to change its network.
 */
export async function runInNetworkOf(
    host: Host,
    container: string,
    image: string,
    [script, ...args]: readonly [string, ...string[]],
    labels: Readonly<Record<string, string>>,
): Promise<ExecResult> {
    const helper = await host.docker.createContainer({
        Image: image,
        Entrypoint: ["sh", "-euc"],
        Cmd: [script, "sh", ...args],
        Labels: { ...labels },
        HostConfig: {
            NetworkMode: `container:${container}`,
            CapDrop: ["ALL"],
            CapAdd: ["NET_ADMIN"],
            SecurityOpt: ["no-new-privileges"],
            ReadonlyRootfs: true,
        },
    });
    const result = await orRemoved(host, helper.id, async () => {
        await helper.start();
        const { StatusCode } = (await helper.wait()) as { StatusCode: number };
        const lines = await lastLines(host, helper.id, SHOWN_LINES).catch(() => []);
        return { exitCode: StatusCode, output: lines.join("\n") };
    });
    await removeContainer(host, helper.id);
    return result;
}
