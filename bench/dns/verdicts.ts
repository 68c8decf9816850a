import type { Decision } from "../../model/dns/decision";
import { compiled, configurationOf, TestServer } from "../../test/runtime/dns/server";
import { address, addresses, random } from "../../test/unit/support/decisions";

/** Milliseconds. */
export interface DnsControl {
    /** All policies, of ten endpoints each. */
    readonly applying: number;
    /** From the verdict about one endpoint to the first answer that follows from it. */
    readonly verdicts: readonly number[];
}

/** Policies that are answered at random, each with ten endpoints; of one of them, which has one address, that changes. */
export async function measureControl(policies: number, times: number): Promise<DnsControl> {
    const server = await TestServer.start();
    try {
        const others: [string, Decision][] = Array.from({ length: policies - 1 }, (_, n) => [
            `p${n}`,
            random(...addresses(10).map(address)),
        ]);
        const decisions = Object.fromEntries(others);
        const configuration = configurationOf([...Object.keys(decisions), "one"]);
        const planWith = (one: string) => compiled(configuration, { ...decisions, one: address(one) });
        const begin = performance.now();
        await server.engine.apply(planWith("198.51.100.0"));
        const applying = performance.now() - begin;
        const verdicts: number[] = [];
        for (let n = 1; n <= times; n++) {
            const now = `198.51.100.${n}`;
            const verdict = performance.now();
            const applied = server.engine.apply(planWith(now));
            while ((await server.ask("one")).data[0] !== now);
            verdicts.push(performance.now() - verdict);
            await applied;
        }
        return { applying, verdicts };
    } finally {
        await server.stop();
    }
}
