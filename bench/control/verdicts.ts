import { compile } from "../../model/balancer/compile";
import { startEngine, type Topology } from "../../test/runtime/support";
import { observationsOf, setsOf } from "./configuration";

/** Milliseconds from a probe's verdict to the kernel's table, in two parts. */
export interface Verdict {
    readonly compiling: number;
    readonly applying: number;
}

/** A member of one set goes down and comes back, again and again, among so many sets. */
export async function measureVerdicts(net: Topology, sets: number, members: number, times: number): Promise<Verdict[]> {
    const engine = await startEngine(net);
    try {
        const configuration = setsOf(sets, members);
        const planNow = (first: "healthy" | "unhealthy") =>
            compile(configuration, net.network, observationsOf(configuration, first));
        await engine.apply(planNow("healthy"));
        const found: Verdict[] = [];
        for (let n = 0; n < times; n++) {
            const observations = observationsOf(configuration, n % 2 === 0 ? "unhealthy" : "healthy");
            const begin = performance.now();
            const plan = compile(configuration, net.network, observations);
            const compiled = performance.now();
            await engine.apply(plan);
            found.push({ compiling: compiled - begin, applying: performance.now() - compiled });
            await engine.settled();
        }
        return found;
    } finally {
        await engine.close();
    }
}
