import { random } from "../combine";
import type { TrafficPolicy } from "../policy";
import type { Candidate, Choose } from "./method";

type Weighted = Extract<TrafficPolicy, { method: "Weighted" }>;

/** Each with equal probability, anew for every query. */
export const evenly: Choose = (candidates) => random(candidates.map(({ decision }) => ({ weight: 1, of: decision })));

/** By weight. Those of weight 0 are the last resort, evenly. */
export function weighted({ endpoints }: Weighted): Choose {
    const weightOf = ({ name }: Candidate) => endpoints[name]!.weight;
    return (candidates) => {
        const weighty = candidates.filter((candidate) => weightOf(candidate) > 0);
        if (weighty.length === 0) return evenly(candidates);
        return random(weighty.map((candidate) => ({ weight: weightOf(candidate), of: candidate.decision })));
    };
}
