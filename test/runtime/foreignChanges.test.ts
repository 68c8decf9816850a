import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Commands, Engine } from "../../runtime/balancer";
import { COUNTER_SETS } from "../../runtime/balancer/counters";
import { loadText } from "../../runtime/balancer/nft-process";
import {
    applyAndSettle,
    openFlows,
    pause,
    planFor,
    runLoad,
    startEngine,
    startServers,
    Topology,
    until,
} from "./support";

describe("given an engine at work", () => {
    let net: Topology;
    let gateway: Commands;
    let engine: Engine;
    let told: string[];

    beforeAll(async () => {
        net = new Topology(2);
        gateway = net.commands(net.gateway);
        await startServers(net, { tcp: [8080], udp: [5353] });
    });

    beforeEach(async () => {
        engine = await startEngine(net, 1);
        told = [];
        engine.onForeignChange((what) => told.push(what));
        await engine.apply(planFor(net));
    });

    afterEach(() => engine.close());

    afterAll(() => net?.remove());

    const serves = async () => {
        const report = await runLoad(net, net.outside, { port: 80, connections: 40 });
        expect(report).toMatchObject({ ok: 40, failed: {} });
        expect(Object.keys(report.machines)).toHaveLength(2);
    };

    it.each([
        ["deletes the table", ["delete", "table", "ip", "switchyard"], "removed"],
        ["flushes the whole ruleset", ["flush", "ruleset"], "removed"],
        ["deletes a rule chain's rules", ["flush", "chain", "ip", "switchyard", "arrive"], "changed"],
        ["empties the slots", ["flush", "map", "ip", "switchyard", "slots"], "changed"],
        [
            "adds a chain",
            ["add chain ip switchyard mine { type filter hook input priority 0; policy drop; }"],
            "changed",
        ],
        [
            "adds a map",
            ["add map ip switchyard mine { type mark : ipv4_addr; elements = { 1 : 10.0.0.1 }; }"],
            "changed",
        ],
        [
            "takes a map of another type in place of ours",
            [
                "flush table ip switchyard; delete map ip switchyard refusing; add map ip switchyard refusing { type mark : ipv4_addr; }",
            ],
            "changed",
        ],
        ["adds a rule", ["add", "rule", "ip", "switchyard", "arrive", "drop"], "changed"],
    ])("when somebody %s, then the table is put back, with a word about it", async (_, command, done) => {
        const before = await listTable(gateway);

        await gateway.run(["nft", ...command]);

        await until("a word about it", () => told.length > 0);
        expect(told).toEqual([
            expect.stringMatching(new RegExp(`^nft \\(process \\d+\\) ${done} the balancer's table$`)),
        ]);
        expect(await listTable(gateway)).toEqual(before);
        await serves();
    });

    it("when it applies plans itself, then it never takes its own changes for another's", async () => {
        for (const healthy of [[], net.machines, net.machines.slice(1), net.machines])
            await engine.apply(planFor(net, healthy));
        const plan = planFor(net);
        await engine.apply({ ...plan, frontends: plan.frontends.slice(1) });
        await engine.apply(plan);
        await pause(2_500);

        expect(told).toEqual([]);
    });

    it("when a change of its own fails, then it puts the table right and blames nobody", async () => {
        const plan = planFor(net);
        const impossible = [...plan.tables].map(
            ([name, table]) => [name, table.map((slot) => slot && { ...slot, port: 70_000 })] as const,
        );
        await expect(engine.apply({ ...plan, tables: new Map(impossible) })).rejects.toThrow();

        await until("a word about it", () => told.length > 0);
        expect(told).toEqual(["a change of the balancer's table had failed"]);
        await serves();
    });

    it("when others have tables of their own, then it leaves them alone and says nothing of them", async () => {
        const theirs = "table ip theirs { set s { type ipv4_addr; elements = { 192.0.2.1 }; }; chain c { }; }";
        await gateway.run(["nft", theirs]);
        const before = await gateway.run(["nft", "list", "table", "ip", "theirs"]);

        const plan = planFor(net);
        await engine.apply({ ...plan, frontends: plan.frontends.slice(1) });
        await engine.apply(planFor(net));
        await gateway.run(["nft", "delete", "table", "ip", "switchyard"]);
        await until("a word about our table", () => told.length > 0);
        await gateway.run(["nft", "add", "element", "ip", "theirs", "s", "{ 192.0.2.2 }"]);
        await pause(1_500);

        expect(told).toHaveLength(1);
        const after = await gateway.run(["nft", "list", "table", "ip", "theirs"]);
        expect(after).toBe(before.replace("192.0.2.1", "192.0.2.1, 192.0.2.2"));
        await gateway.run(["nft", "delete", "table", "ip", "theirs"]);
    });

    it("when its nft processes are killed, then it applies, watches and heals as before", async () => {
        for (const id of await nftProcesses(gateway, net)) process.kill(id, "SIGKILL");

        await engine.apply(planFor(net, net.machines.slice(0, 1)));
        await gateway.run(["nft", "delete", "table", "ip", "switchyard"]);
        await until("a word about the table", () => told.length > 0);

        expect(await runLoad(net, net.outside, { port: 80, connections: 10 })).toMatchObject({ machines: { vm1: 10 } });
    });

    it("when another begins beside a ruleset that takes long to read, then it watches all the same", async () => {
        const slots = Array.from({ length: 60_000 }, (_, n) => `${n + 1} : 10.0.0.1 . 80`);
        const large = `table ip large { map m { type mark : ipv4_addr . inet_service; elements = { ${slots.join(", ")} }; }; }`;
        await loadText(gateway, large);
        await engine.close();
        try {
            engine = await startEngine(net);
        } finally {
            await gateway.run(["nft", "delete", "table", "ip", "large"]);
        }
        await engine.apply(planFor(net));
        await serves();
    });

    it("when it is closed and another begins, then open connections stay, and udp of members gone meanwhile moves", async () => {
        const tcp = await openFlows(net, net.outside, { port: 80, flows: 20 });
        const udp = await openFlows(net, net.outside, { protocol: "udp", port: 53, flows: 20 });
        const before = await tcp.ask();
        expect((await udp.ask()).machines).toHaveProperty("vm1");
        await engine.close();
        expect(await tcp.ask()).toEqual(before);

        engine = await startEngine(net);
        expect(await tcp.ask()).toEqual(before);
        await applyAndSettle(engine, planFor(net, net.machines.slice(1)));

        expect(await tcp.ask()).toEqual(before);
        expect(await udp.ask()).toEqual({ machines: { vm2: 20 }, failed: {} });
    });
});

/** Everything in the table but the stamp and what was counted, elements in an order of their own, as the kernel promises none. */
async function listTable(gateway: Commands): Promise<string[]> {
    const text = await gateway.run(["nft", "-s", "list", "table", "ip", "switchyard"]);
    const counted = Object.keys(COUNTER_SETS).join("|");
    return text
        .replace(/set stamp \{[^}]*\}\s*\}/, "")
        .replace(new RegExp(`(set (?:${counted}) \\{[^}=]*)elements = \\{[^}]*\\}`, "g"), "$1")
        .split(/,\n|,(?= 0x)|\n|= \{/)
        .map((line) => line.replace(/ \}$/, "").trim())
        .filter((line) => line !== "")
        .sort();
}

async function nftProcesses(gateway: Commands, net: Topology): Promise<number[]> {
    const ids = (await gateway.run(["ip", "netns", "pids", net.gateway])).trim().split("\n");
    const named = await Promise.all(
        ids.map(async (id) => [id, (await gateway.attempt(["cat", `/proc/${id}/comm`])).stdout]),
    );
    return named.filter(([, name]) => name!.trim() === "nft").map(([id]) => Number(id));
}
