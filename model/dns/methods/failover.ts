import { NOTHING } from "../combine";
import type { TrafficPolicy } from "../policy";
import type { Choose } from "./method";

type Failover = Extract<TrafficPolicy, { method: "Failover" }>;

/** The lowest priority. A nested policy that has no answer for some clients is not passed over for them, as in Azure. */
export function failover({ endpoints }: Failover): Choose {
    const order = new Map(Object.entries(endpoints).map(([name, { priority }]) => [name, priority]));
    return (candidates) => {
        if (candidates.length === 0) return NOTHING;
        return candidates.reduce((best, one) => (order.get(one.name)! < order.get(best.name)! ? one : best)).decision;
    };
}
