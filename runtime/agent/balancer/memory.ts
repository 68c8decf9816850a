import * as z from "zod";
import { EMPTY_CONFIGURATION } from "../../../model/balancer/configuration";
import { appliedConfiguration } from "../../../model/balancer/control";
import { memberHealth } from "../../../model/health/health";
import { Store } from "../store";
import type { Known } from "./watch";

const applied = appliedConfiguration.extend({ appliedAt: z.number().optional() });
/** What serves, and since when. */
export type Applied = z.infer<typeof applied>;

const known = z.object({ health: memberHealth, address: z.string().optional() });

/** The gateway's: health by `identity`. */
export function balancerStore(directory: string): Store<Applied, Known> {
    return new Store<Applied, Known>(directory, {
        applied,
        known,
        nothing: { revision: 0, configuration: EMPTY_CONFIGURATION },
    });
}
