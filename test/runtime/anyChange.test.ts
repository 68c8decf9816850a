import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { elementChanges } from "../../model/balancer/changes";
import { compile } from "../../model/balancer/compile";
import type { Plan } from "../../model/balancer/plan";
import { Commands } from "../../runtime/balancer";
import { loadText } from "../../runtime/balancer/nft-process";
import { renderTable } from "../../runtime/balancer/render";
import { renderChanges, TABLE } from "../../runtime/balancer/transactions";
import { listHeld, renderClearing, renderDifference } from "../../runtime/balancer/rewrite";
import { configurations, network, observationsOf } from "../unit/support/configurations";
import { addNamespace, removeNamespace } from "./support/namespaces";

const interfaces = { publicInterface: "eth0", privateInterface: "eth1" };

/** One configuration after another, each through several states of health. */
const walks = fc.array(
    configurations.chain((configuration) =>
        fc.record({
            configuration: fc.constant(configuration),
            countsPackets: fc.boolean(),
            states: fc.array(observationsOf(configuration), { minLength: 2, maxLength: 3 }),
            newAgent: fc.boolean(),
        }),
    ),
    { minLength: 3, maxLength: 5 },
);

describe("given a kernel that is led from any plan to any other", () => {
    const namespaces = ["walked", "fresh"].map(addNamespace);
    const [walked, fresh] = namespaces.map((name) => new Commands(["ip", "netns", "exec", name])) as [
        Commands,
        Commands,
    ];

    afterAll(() => namespaces.forEach(removeNamespace));

    const load = (commands: Commands, plan: Plan, leaving = "") =>
        loadText(commands, leaving + renderTable(plan, interfaces, 1));

    /** What the table holds, in an order of its own. Idle timeouts stay when nobody needs them any more. */
    const contents = async (commands: Commands) => {
        const { nftables } = JSON.parse(
            await commands.run(["nft", "--json", "list", "table", ...TABLE.split(" ")]),
        ) as {
            nftables: Record<string, unknown>[];
        };
        const texts = nftables
            .filter((object) => !("metainfo" in object) && !("ct timeout" in object))
            .map((object) =>
                JSON.stringify(object, (key, value: unknown) => {
                    if (key === "handle") return undefined;
                    if (key === "elem" && Array.isArray(value)) return value.map((one) => JSON.stringify(one)).sort();
                    return value;
                }),
            );
        return texts.sort();
    };

    const expectFresh = async (plan: Plan) => {
        await fresh.run(["nft", "flush", "ruleset"]);
        await load(fresh, plan);
        expect(await contents(walked)).toEqual(await contents(fresh));
    };

    it("then each change succeeds, and it holds what one does that is told anew", { timeout: 300_000 }, async () => {
        await fc.assert(
            fc.asyncProperty(walks, async (steps) => {
                await walked.run(["nft", "flush", "ruleset"]);
                let before: Plan | undefined;
                for (const { configuration, countsPackets, states, newAgent } of steps) {
                    for (const state of states) {
                        const plan = {
                            ...compile(configuration, network, state),
                            ...(countsPackets && { countsPackets }),
                        };
                        const changes = before && elementChanges(before, plan);
                        if (changes) await loadText(walked, `${renderChanges(plan, changes, 1)}\n`);
                        else if (before) await loadText(walked, renderDifference(before, plan, interfaces, 1));
                        else await load(walked, plan);
                        before = plan;
                    }
                    await expectFresh(before!);
                    if (!newAgent) continue;
                    const held = (await listHeld(walked))!;
                    before = compile(configuration, network, states[0]!);
                    await load(walked, before, renderClearing(held, renderTable(before, interfaces, 1)));
                    await expectFresh(before);
                }
            }),
            { numRuns: 12, endOnFailure: true },
        );
    });
});
