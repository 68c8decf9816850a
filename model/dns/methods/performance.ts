import { byClient, NOTHING } from "../combine";
import type { Proximity } from "../proximity";
import { evenly } from "./random";
import type { Choose } from "./method";

/** The endpoints of the nearest location that has any, evenly. `locations` says where the endpoints are. */
export function performance(locations: ReadonlyMap<string, string>, { classifier, orders }: Proximity): Choose {
    return (candidates) =>
        byClient(classifier, (name) => {
            for (const equallyNear of orders.get(name)!) {
                const near = candidates.filter((candidate) => equallyNear.includes(locations.get(candidate.name)!));
                if (near.length > 0) return evenly(near);
            }
            return NOTHING;
        });
}
