import type { Command } from "commander";
import { agentIn } from "../../provider/control/found";
import { askEach, dataOf, textOf } from "../ask";
import { find, type Where } from "../find";
import { addOptions, whereOf, type Options } from "../options";
import type { Outcome } from "../outcome";
import type { Report } from "../program";

export function addStatus(program: Command, report: Report): void {
    addOptions(program.command("status"))
        .summary("who receives connections and what names are answered with, who does not and why, what happened")
        .description(
            "Shows the status of every gateway and DNS server: who receives connections, which endpoints of a policy are " +
                "answered with, who is not and why, and the last changes.",
        )
        .argument("[name...]", "containers, or what the program calls them (default: all)")
        .action((names: string[], options: Options) => report(options, status(whereOf(options, names))));
}

/** What gateways and DNS servers say of themselves. */
export async function status(where: Where): Promise<Outcome> {
    const { runtimes, unreachable, missing } = await find(where);
    const asked = await askEach(runtimes, async (runtime) => {
        const agent = agentIn(runtime);
        return { status: await agent.status(), text: await agent.statusText() };
    });
    return {
        data: dataOf(asked, ({ status }) => ({ status })),
        text: textOf(asked, ({ text }) => text),
        remarks: [...unreachable, ...missing],
        fine:
            unreachable.length + missing.length === 0 &&
            asked.every(({ answer }) => answer?.status.problems.length === 0),
    };
}
