import { describe, expect, it } from "vitest";
import type { Asked } from "../../cli/ask";
import { choose, type Choice } from "../../cli/choose";
import { keepersOf } from "../../cli/commands/rollback";
import type { Revision } from "../../model/control";
import type { FoundRuntime } from "../../provider/control/found";

const runtime = (container: string, resource: string, kind: FoundRuntime["kind"], stack = "shop/dev"): FoundRuntime =>
    ({ container, resource, kind, stack, host: { address: "here" } }) as FoundRuntime;
const GATEWAY = runtime("dev-east-gateway", "east-gateway", "gateway");
const NS1 = runtime("dev-ns1", "ns1", "dns");
const NS2 = runtime("dev-ns2", "ns2", "dns");
const PROD = runtime("prod-ns1", "ns1", "dns", "shop/prod");
const ALL = [GATEWAY, NS1, NS2, PROD];

describe("choosing among what was found", () => {
    it.each<[string, Choice, FoundRuntime[]]>([
        ["nothing said", {}, ALL],
        ["a kind", { kind: "dns" }, [NS1, NS2, PROD]],
        ["a stack", { stack: "dev" }, [GATEWAY, NS1, NS2]],
        ["a stack of a project", { stack: "shop/prod" }, [PROD]],
        ["a stack as Pulumi writes it", { stack: "acme/shop/prod" }, [PROD]],
        ["a container", { names: ["dev-ns1"] }, [NS1]],
        ["a resource of two stacks", { names: ["ns1"] }, [NS1, PROD]],
        ["a resource of a stack", { names: ["ns1"], stack: "prod" }, [PROD]],
        ["the same one twice", { names: ["dev-ns1", "ns1"], stack: "dev" }, [NS1]],
    ])("given %s", (_what, choice, chosen) => expect(choose(ALL, ["here"], choice)).toEqual(chosen));

    it("prefers a container of the name to what a program calls another", () => {
        const misleading = runtime("dev-other", "dev-ns1", "dns");
        expect(choose([NS1, misleading], ["here"], { names: ["dev-ns1"] })).toEqual([NS1]);
    });

    it("knows a server by its key in the traffic manager too, unless several have it", () => {
        const ours = runtime("dev-contoso-ns1", "contoso-ns1", "dns");
        const others = runtime("dev-fabrikam-ns1", "fabrikam-ns1", "dns");
        expect(choose([ours, others, NS2], ["here"], { names: ["contoso-ns1"] })).toEqual([ours]);
        expect(choose([ours, NS2], ["here"], { names: ["ns1"] })).toEqual([ours]);
        expect(choose([ours, NS1], ["here"], { names: ["ns1"] })).toEqual([NS1]);
        expect(() => choose([ours, others], ["here"], { names: ["ns1"] })).toThrow(
            new Error(
                "ns1 means several servers: dev-contoso-ns1 (DNS server contoso-ns1 of stack shop/dev), " +
                    "dev-fabrikam-ns1 (DNS server fabrikam-ns1 of stack shop/dev); give a longer name, or --stack",
            ),
        );
        expect(() => choose([GATEWAY], ["here"], { names: ["gateway"] })).toThrow(
            /^no gateway or DNS server is called/,
        );
    });

    it.each<[string, FoundRuntime[], Choice, string]>([
        [
            "nothing found",
            [],
            {},
            "no gateway or DNS server of Switchyard on here (no container with label " +
                "io.switchyard.type=Gateway or DnsServer); --host or DOCKER_HOST names another Docker host",
        ],
        [
            "no DNS server found",
            [GATEWAY],
            { kind: "dns" },
            "no DNS server of Switchyard on here (no container with label " +
                "io.switchyard.type=Gateway or DnsServer); --host or DOCKER_HOST names another Docker host",
        ],
        [
            "another project",
            [NS1],
            { stack: "b/dev" },
            "no gateway or DNS server of stack b/dev; there is dev-ns1 (DNS server ns1 of stack shop/dev)",
        ],
        [
            "a wrong name",
            [NS1, NS2],
            { kind: "dns", names: ["ns1", "ns3"] },
            "no DNS server is called ns3; there are dev-ns1 (DNS server ns1 of stack shop/dev), dev-ns2 (DNS server ns2 of stack shop/dev)",
        ],
    ])("given %s, then it says so", (_what, found, choice, message) =>
        expect(() => choose(found, ["here"], choice)).toThrow(new Error(message)),
    );
});

describe("who returns to a revision", () => {
    const revision = (hash: string): Revision => ({ revision: 1, hash, appliedAt: 0, serves: false, changes: [] });
    const keeps = (of: FoundRuntime, ...hashes: string[]): Asked<Revision[]> => ({
        runtime: of,
        answer: hashes.map(revision),
    });
    const silent: Asked<Revision[]> = { runtime: NS2, problem: "it does not run" };

    it("is the only one that keeps it, whoever else is silent", () => {
        expect(keepersOf("AAAA", [keeps(GATEWAY, "bbbb1"), keeps(NS1, "bbbb1", "aaaa1"), silent], false)).toEqual([
            NS1,
        ]);
    });

    it("is everyone who is named, if all keep it", () => {
        expect(keepersOf("aaaa", [keeps(NS1, "aaaa1"), keeps(NS2, "aaaa1")], true)).toEqual([NS1, NS2]);
        expect(() => keepersOf("aaaa", [keeps(NS1, "aaaa1"), silent], true)).toThrow(/^it does not run$/);
    });

    it("is nobody when the hash is too short", () => {
        expect(() => keepersOf("aaa", [keeps(NS1, "aaaa1")], true)).toThrow(
            /^aaa is too short for a hash: give at least 4 characters of it$/,
        );
    });

    it.each<[Asked<Revision[]>[], RegExp]>([
        [[keeps(NS1), silent], /^dev-ns1 does not keep a revision aaaa; it keeps none\nit does not run$/],
        [[keeps(NS1, "aaaa1"), keeps(NS2, "aaaa1")], /^several keep revision aaaa: dev-ns1 .*, dev-ns2 .*; name those/],
    ])("is nobody when that is not clear", (kept, message) => {
        expect(() => keepersOf("aaaa", kept, false)).toThrow(message);
    });
});
