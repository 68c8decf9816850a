import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Host } from "./host";

export interface ExecResult {
    readonly exitCode: number;
    readonly output: string;
}

/** Runs a command in a container to its end. */
export async function execute({ docker }: Host, container: string, command: string[]): Promise<ExecResult> {
    const exec = await docker
        .getContainer(container)
        .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: false });
    const stream = await exec.start({ hijack: true, stdin: false });
    const output = new PassThrough();
    docker.modem.demuxStream(stream, output, output);
    stream.on("end", () => output.end()).on("error", (error) => output.destroy(error));
    const written = await text(output);
    const { ExitCode } = await exec.inspect();
    return { exitCode: ExitCode ?? -1, output: written.trim() };
}
