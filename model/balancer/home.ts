import { joinAll, scale } from "./joining";
import { byWeight } from "./quotas";
import { areEqual, slotCount } from "./stages";

/** Who is at home where depends on weights only, and health changes far more often: the latest tables are kept. */
const homes = new Map<string, readonly number[]>();
const MOST_HOMES = 64;

/**
 * Who owns each slot while everyone is healthy, by position.
 *
 * Among equals, members join one after another, each taking its share from all before it. Weights correct that
 * afterwards, so a change of one weight moves little more than it must, whichever member's it is; and a member of weight
 * 0 has no slots but keeps its place.
 */
export function homeTable(weights: readonly number[]): readonly number[] {
    const key = weights.join(" ");
    const kept = homes.get(key);
    if (kept) return kept;
    if (homes.size >= MOST_HOMES) homes.clear();
    const joining = joinAll(weights.length);
    const home = areEqual(weights)
        ? joining.owners.map((owners) => owners.at(-1)!)
        : byWeight(scale(joining, slotCount(weights)), weights);
    homes.set(key, home);
    return home;
}
