import { afterAll, beforeAll, expect, it } from "vitest";
import type { Decision } from "../../../model/dns/decision";
import { address, addresses, name, random } from "../../unit/support/decisions";
import { pause } from "../support/wait";
import { SteadyQueries } from "./load";
import { DOMAIN, planOf, TestServer } from "./server";

const CHANGES = 10_000;
const BETWEEN_CHANGES_MS = 2;
const QUERIES_PER_SECOND = 2_000;

let server: TestServer;
beforeAll(async () => {
    server = await TestServer.start();
});
afterAll(() => server?.stop());

it("10,000 changes under queries lose none, and no answer is of another time", async () => {
    const others: [string, Decision][] = Array.from({ length: 50 }, (_, n) => [
        `p${n}`,
        n % 2 ? random(...addresses(10).map(address)) : name(`east${n}.example`),
    ]);
    const base = planOf(Object.fromEntries([...others, ["p", address("10.0.0.0")]]));
    const [zone, ...zones] = base.zones;
    const numbered = (number: number) => {
        const addresses = [`10.0.${number >> 8}.${number & 255}`];
        const records = zone!.records.map((record) =>
            record.name === "p" ? { ...record, answer: { kind: "addresses" as const, addresses } } : record,
        );
        return { ...base, serial: number, zones: [{ ...zone!, records }, ...zones] };
    };
    let submitted = 0;
    let served = 0;
    await server.engine.apply(numbered(0));
    const queries = await SteadyQueries.start(server.port, `p.${DOMAIN}`, QUERIES_PER_SECOND, () => ({
        submitted,
        served,
    }));

    let failed = 0;
    const change = (number: number) => {
        submitted = number;
        void server.engine.apply(numbered(number)).then(
            () => (served = Math.max(served, number)),
            () => failed++,
        );
    };
    for (const begin = performance.now(); submitted < CHANGES; await pause(BETWEEN_CHANGES_MS)) {
        const due = (performance.now() - begin) / BETWEEN_CHANGES_MS;
        while (submitted < Math.min(due, CHANGES)) change(submitted + 1);
    }
    await server.engine.apply(numbered(CHANGES));
    const lost = await queries.stop();

    expect({ lost, failed }).toEqual({ lost: 0, failed: 0 });
    const numbers = queries.answers.map(({ data }) => {
        const [, , high, low] = data[0]?.split(".").map(Number) ?? [];
        return high! * 256 + low!;
    });
    const wrong = queries.answers.filter(
        ({ asked, answered }, n) => !(numbers[n]! >= asked.served && numbers[n]! <= answered.submitted),
    );
    expect(wrong).toEqual([]);
    // Enough for both to mean something, also on a busy machine.
    expect(queries.answers.length).toBeGreaterThan(5_000);
    expect(new Set(numbers).size).toBeGreaterThan(100);
});
