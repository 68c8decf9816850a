import { compile } from "../../model/balancer/compile";
import { NETWORK } from "../../test/runtime/support";
import { medianOf } from "../support/statistics";
import { observationsOf, setsOf } from "./configuration";

/** Milliseconds of compiling so many sets: a pure function, in this process. */
export function measureGrowth(counts: readonly number[], members: number, times: number): Map<number, number> {
    return new Map(
        counts.map((sets) => {
            const made = setsOf(sets, members);
            const observations = observationsOf(made);
            const once = () => {
                // A new one: of a known configuration only what is otherwise is compiled.
                const configuration = structuredClone(made);
                const begin = performance.now();
                compile(configuration, NETWORK, observations);
                return performance.now() - begin;
            };
            once();
            return [sets, medianOf(Array.from({ length: times }, once))];
        }),
    );
}
