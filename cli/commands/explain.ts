import type { Command } from "commander";
import { isIP } from "node:net";
import { explanationText } from "../../model/dns/explain/text";
import type { Explanation } from "../../model/dns/explanation";
import { table } from "../../model/text";
import { explain as askServer, UnknownPolicy } from "../../provider/control/explain";
import { answered, askEach, dataOf, type Answered, type Asked } from "../ask";
import { differences } from "../differences";
import { Failure } from "../failure";
import { find, type Where } from "../find";
import { addOptions, whereOf, type Options } from "../options";
import type { Outcome } from "../outcome";
import type { Report } from "../program";

interface ExplainOptions extends Options {
    readonly client: string;
    readonly server?: string[];
}

export function addExplain(program: Command, report: Report): void {
    addOptions(program.command("explain"))
        .summary("what a policy answers to a client, and why")
        .description(
            "Explains what a traffic policy answers to a client: who is considered, who is not and why, with which odds, and " +
                "the answer. Every DNS server that serves the policy is asked; where they differ, it is shown how.",
        )
        .argument("<policy>", "its name in the program, its prefix, or its full DNS name")
        .requiredOption(
            "--client <address>",
            "IPv4 or IPv6 address of the client (a resolver, or the client that it asks for)",
        )
        .option(
            "--server <name>",
            "ask only this one (container, resource, or key in its traffic manager), may be repeated",
            (name: string, before: string[] = []) => [...before, name],
        )
        .action((policy: string, options: ExplainOptions) =>
            report(options, explain(policy, options.client, whereOf(options, options.server))),
        );
}

/** What a policy answers to a client, and why, as each of its DNS servers sees it. */
export async function explain(policy: string, client: string, where: Where): Promise<Outcome> {
    if (isIP(client) === 0) throw new Failure(`--client must be an IPv4 or IPv6 address (got ${client})`);
    const { runtimes, unreachable } = await find({ ...where, kind: "dns" });
    const asked = ofOnePolicy(
        policy,
        await askEach(runtimes, (server) => askServer(server, policy, client).catch(unlessUnknown)),
    );
    const explained = answered(asked);
    const problems = asked.flatMap(({ problem }) => problem ?? []);
    const differ = differences(explained.map(({ answer }) => answer));
    return {
        data: dataOf(asked, (explanation) => ({ explanation })),
        text: explainedText(explained, differ),
        remarks: [...problems, ...unreachable],
        fine: problems.length === 0 && unreachable.length === 0 && differ.length === 0,
    };
}

function unlessUnknown(error: unknown): UnknownPolicy {
    if (error instanceof UnknownPolicy) return error;
    throw error;
}

/**
 * Leaves out the servers of other stacks and other traffic managers, which need not know the policy; some server must.
 * Two stacks may serve one domain: dev and prod on the same host.
 */
export function ofOnePolicy(
    policy: string,
    asked: readonly Asked<Explanation | UnknownPolicy>[],
): Asked<Explanation>[] {
    const known = asked.flatMap(({ runtime, answer }) =>
        answer && !(answer instanceof UnknownPolicy) ? [{ runtime, answer }] : [],
    );
    const unknown = asked.flatMap(({ answer }) => (answer instanceof UnknownPolicy ? [answer] : []));
    const names = [...new Set(known.map(({ answer }) => answer.name))];
    if (names.length > 1) {
        const each = known.map(({ runtime, answer }) => `${answer.name} (${runtime.container})`);
        throw new Failure(
            `${policy} means several policies: ${each.join(", ")}; give the full name, or choose with --stack or --server`,
        );
    }
    if (names.length === 0) {
        const problems = asked.flatMap(({ problem }) => problem ?? []);
        const policies = unknown.flatMap((one) => one.known);
        const says = unknown.length > 0 ? [new UnknownPolicy(policy, undefined, [...new Set(policies)]).message] : [];
        throw new Failure([...says, ...problems].join("\n"));
    }
    const stacks = new Set(known.map(({ runtime }) => runtime.stack));
    return asked.flatMap((one): Asked<Explanation>[] => {
        if (!stacks.has(one.runtime.stack)) return [];
        if (one.problem !== undefined) return [one];
        const { runtime, answer } = one;
        if (!(answer instanceof UnknownPolicy)) return [{ runtime, answer }];
        const isConcerned = answer.domain !== undefined && names[0]!.endsWith(`.${answer.domain}`);
        return isConcerned ? [{ runtime, problem: `${runtime.container} serves no policy ${names[0]}` }] : [];
    });
}

export function explainedText(
    explained: readonly Answered<Explanation>[],
    differ: ReturnType<typeof differences>,
): string {
    const servers = explained.map(({ runtime }) => runtime.container);
    const text = explanationText(explained[0]!.answer);
    if (servers.length === 1) return text;
    if (differ.length === 0) return `${text}\n\n${servers.join(", ")} say the same.`;
    return [
        `${servers[0]} says:`,
        text,
        "",
        "the servers differ:",
        ...table([["", ...servers], ...differ.map(({ what, told }) => [what, ...told])]),
    ].join("\n");
}
