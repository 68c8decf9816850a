import { describe, expect, it } from "vitest";
import type { Asked } from "../../cli/ask";
import { ofOnePolicy } from "../../cli/commands/explain";
import type { Explanation } from "../../model/dns/explanation";
import { UnknownPolicy } from "../../provider/control/explain";
import type { FoundRuntime } from "../../provider/control/found";

type Told = Asked<Explanation | UnknownPolicy>;
const runtime = (container: string, stack: string) => ({ container, stack }) as FoundRuntime;
const serves = (container: string, stack = "shop/dev"): Told => ({
    runtime: runtime(container, stack),
    answer: { name: "contoso.tm.example" } as Explanation,
});
const lacks = (container: string, stack = "shop/dev", domain = "tm.example"): Told => ({
    runtime: runtime(container, stack),
    answer: new UnknownPolicy("contoso", domain, []),
});
const silent = (container: string, stack = "shop/dev"): Told => ({
    runtime: runtime(container, stack),
    problem: `${container} is silent`,
});

describe("the servers that are concerned by a policy", () => {
    const told = (asked: Told[]) =>
        ofOnePolicy("contoso", asked).map(({ runtime, problem }) => problem ?? runtime.container);

    it.each<[string, Told[], string[]]>([
        ["of the stack that has it", [serves("ns1"), lacks("prod", "shop/prod"), silent("b", "b/dev")], ["ns1"]],
        [
            "of the traffic manager that has it",
            [serves("ns1"), lacks("ns2"), lacks("other", "shop/dev", "b.example")],
            ["ns1", "ns2 serves no policy contoso.tm.example"],
        ],
        ["that may have it, but do not answer", [serves("ns1"), silent("ns2")], ["ns1", "ns2 is silent"]],
        ["of two stacks that have it", [serves("ns1"), serves("prod", "shop/prod")], ["ns1", "prod"]],
    ])("are those %s", (_what, asked, expected) => expect(told(asked)).toEqual(expected));

    it("are none where nobody has it, and those that do not answer are told", () => {
        expect(() => told([lacks("ns1"), silent("ns2", "b/dev")])).toThrow(
            /^no policy is called contoso; there are none\nns2 is silent$/,
        );
    });
});
