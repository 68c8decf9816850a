import type { Command } from "commander";
import { SHORTEST_HASH, type Revision } from "../../model/control";
import { agentIn, type FoundRuntime } from "../../provider/control/found";
import { answered, ask, askEach, dataOf, textOf, type Asked } from "../ask";
import { listOf } from "../choose";
import { Failure } from "../failure";
import { find, type Where } from "../find";
import { addOptions, whereOf, type Options } from "../options";
import type { Outcome } from "../outcome";
import type { Report } from "../program";
import { changesText } from "./revisions";

const DRIFT =
    "the next pulumi preview shows this as drift, and pulumi up applies the program's configuration again: " +
    "if this is to last, change the program too";

export function addRollback(program: Command, report: Report, progress: (line: string) => void): void {
    addOptions(program.command("rollback"))
        .summary("return a DNS server to a configuration that it served before, at once")
        .description(
            "Returns a DNS server to a configuration that it served before, at once, as a new revision. The program is " +
                "not changed: the next pulumi preview shows this as drift, and the next pulumi up takes it back.",
        )
        .argument("<hash>", `of the revision, or at least its first ${SHORTEST_HASH} characters`)
        .argument(
            "[server...]",
            "containers, or what the program calls them: contoso-ns1, or ns1 (default: the only one that keeps it)",
        )
        .action((hash: string, names: string[], options: Options) =>
            report(options, rollback(hash, whereOf(options, names), progress)),
        );
}

/** Returns servers to a configuration that they served before, at once. */
export async function rollback(hash: string, where: Where, progress: (line: string) => void): Promise<Outcome> {
    const { runtimes, unreachable } = await find({ ...where, kind: "dns" });
    const kept = await askEach(runtimes, (runtime) => agentIn(runtime).revisions());
    const asked: Asked<Revision>[] = [];
    const waiting = keepersOf(hash, kept, (where.names ?? []).length > 0);
    // One after the other: where the first one fails, the others serve on as they do.
    while (waiting.length > 0 && asked.every(({ problem }) => problem === undefined))
        asked.push(await ask(waiting.shift()!, (runtime) => returnTo(hash, runtime, progress)));
    return {
        data: dataOf(asked, (revision) => ({ revision })),
        text: textOf(asked, returnedText),
        remarks: [
            ...unreachable,
            ...waiting.map(({ container }) => `${container} was not asked any more and serves what it did`),
            ...(answered(asked).length > 0 ? [DRIFT] : []),
        ],
        fine: asked.every(({ problem }) => problem === undefined),
    };
}

/** Those who can return to the revision. Who names nobody means the only one that can. */
export function keepersOf(hash: string, kept: readonly Asked<Revision[]>[], areNamed: boolean): FoundRuntime[] {
    if (hash.length < SHORTEST_HASH)
        throw new Failure(`${hash} is too short for a hash: give at least ${SHORTEST_HASH} characters of it`);
    const keeps = ({ answer }: Asked<Revision[]>) => answer?.some((one) => one.hash.startsWith(hash.toLowerCase()));
    const keepers = kept.filter(keeps).map(({ runtime }) => runtime);
    const others = areNamed || keepers.length === 0 ? kept.filter((one) => !keeps(one)) : [];
    if (others.length > 0) {
        throw new Failure(
            others.map(({ runtime, answer, problem }) => problem ?? keepsOnly(hash, runtime, answer)).join("\n"),
        );
    }
    if (keepers.length > 1 && !areNamed) {
        throw new Failure(`several keep revision ${hash}: ${listOf(keepers)}; name those that are to return to it`);
    }
    return keepers;
}

function keepsOnly(hash: string, { container }: FoundRuntime, revisions: readonly Revision[]): string {
    const hashes = [...new Set(revisions.map((one) => one.hash))];
    const list = hashes.length > 0 ? `it keeps ${hashes.join(", ")}` : "it keeps none";
    return `${container} does not keep a revision ${hash}; ${list}`;
}

async function returnTo(hash: string, runtime: FoundRuntime, progress: (line: string) => void): Promise<Revision> {
    const agent = agentIn(runtime);
    const number = await agent.rollback(hash, (message) => progress(`${runtime.container}: ${message}`));
    const now = (await agent.revisions()).find(({ revision }) => revision === number);
    if (!now) throw new Error(`revision ${number} serves, and has been followed by others already`);
    return now;
}

function returnedText({ revision, hash, changes }: Revision): string {
    return [`returned to ${hash}, as revision ${revision}; what changed:`, ...changesText(changes)].join("\n");
}
