import type { Command } from "commander";
import type { Where } from "./find";

/** What every command is told. */
export interface Options {
    readonly host?: string[];
    readonly context?: string[];
    readonly stack?: string;
    readonly json?: boolean;
}

export function addOptions(command: Command): Command {
    return command
        .option(
            "--host <address>",
            "Docker host, may be repeated: unix://…, tcp://…, ssh://user@machine (default: DOCKER_HOST, else the current Docker context)",
            (address: string, before: string[] = []) => [...before, address],
        )
        .option(
            "--context <name>",
            "Docker context, may be repeated; may be given beside --host",
            (name: string, before: string[] = []) => [...before, name],
        )
        .option("--stack <project/stack>", "only what this Pulumi stack made")
        .option("--json", "print JSON: an array with an element for each gateway or DNS server");
}

export function whereOf({ host, context, stack }: Options, names: readonly string[] = []): Where {
    return { host, context, stack, names };
}
