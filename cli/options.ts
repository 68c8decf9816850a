import type { Command } from "commander";
import type { Where } from "./find";

/** What every command is told. */
export interface Options {
    readonly host?: string[];
    readonly stack?: string;
    readonly json?: boolean;
}

export function addOptions(command: Command): Command {
    return command
        .option(
            "--host <address>",
            "Docker host, may be repeated: unix://…, tcp://…, ssh://user@machine (default: DOCKER_HOST, else this machine)",
            (address: string, before: string[] = []) => [...before, address],
        )
        .option("--stack <project/stack>", "only what this Pulumi stack made")
        .option("--json", "print JSON: an array with an element for each gateway or DNS server");
}

export function whereOf({ host, stack }: Options, names: readonly string[] = []): Where {
    return { host, stack, names };
}
