import type { Command } from "commander";
import { table, time } from "../../model/text";
import type { Revision } from "../../model/control";
import { agentIn } from "../../provider/control/found";
import { askEach, dataOf, textOf } from "../ask";
import { find, type Where } from "../find";
import { addOptions, whereOf, type Options } from "../options";
import type { Outcome } from "../outcome";
import type { Report } from "../program";

export function addRevisions(program: Command, report: Report): void {
    addOptions(program.command("revisions"))
        .summary("the configurations that DNS servers served last, and what changed with each")
        .description(
            "Lists the last 20 configurations that a DNS server served, newest first: number, hash of the content, when, and what " +
                "changed. `switchyard rollback <hash>` returns to one.",
        )
        .argument("[server...]", "containers, or what the program calls them: contoso-ns1, or ns1 (default: all)")
        .action((names: string[], options: Options) => report(options, revisions(whereOf(options, names))));
}

/** The configurations that were applied last, newest first, and what changed with each. */
export async function revisions(where: Where): Promise<Outcome> {
    const { runtimes, unreachable } = await find({ ...where, kind: "dns" });
    const asked = await askEach(runtimes, (runtime) => agentIn(runtime).revisions());
    return {
        data: dataOf(asked, (list) => ({ revisions: list })),
        text: textOf(asked, revisionsText),
        remarks: unreachable,
        fine: unreachable.length === 0 && asked.every(({ problem }) => problem === undefined),
    };
}

export function revisionsText(list: readonly Revision[]): string {
    if (list.length === 0) return "  nothing was applied yet";
    const heads = table(
        list.map(({ revision, hash, appliedAt, serves }) => [
            `${revision}`,
            hash,
            time(appliedAt),
            serves ? "serves" : "",
        ]),
    );
    return list.flatMap(({ changes }, index) => [heads[index]!, ...changesText(changes)]).join("\n");
}

export function changesText(changes: readonly string[]): string[] {
    return (changes.length > 0 ? changes : ["nothing changed"]).map((change) => `      ${change}`);
}
