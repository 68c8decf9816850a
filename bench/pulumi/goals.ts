import type { Goal } from "../report";
import type { Cost } from "../support/cost";
import { medianOf } from "../support/statistics";
import { PARALLEL } from "./tables";

/** Printed where the goal is missed: the reason, as profiles show it, and the next idea. */
const WHY = {
    up: "about half of what docker alone does not take is the same for ten machines: Pulumi's engine, the program and the provider start one after the other, then network, gateway and agent, mostly on one processor. The rest grows with the machines, while dockerd and runc keep both processors busy. The next idea is to create the containers while the gateway comes up, and to start them once its agent answers.",
};

const LONGEST_LOOK_SECONDS = 10;
const MOST_TIMES_DOCKER = 1.3;

/** Of the large size. */
export function goalsOf(what: string, costs: ReadonlyMap<string, readonly Cost[]>): Goal[] {
    const seconds = (name: string) => medianOf(costs.get(name)!.map(({ seconds }) => seconds));
    const up = seconds("pulumi up") / seconds(PARALLEL);
    return [
        {
            what: `pulumi up, ${what}`,
            goal: `≤ ${MOST_TIMES_DOCKER} × ${PARALLEL}`,
            found: `${up.toFixed(2)} × (${seconds("pulumi up").toFixed(1)} s)`,
            met: up <= MOST_TIMES_DOCKER,
            why: WHY.up,
        },
        ...["no-op up", "preview"].map((look) => ({
            what: `${look}, ${what}`,
            goal: `≤ ${LONGEST_LOOK_SECONDS} s`,
            found: `${seconds(look).toFixed(1)} s`,
            met: seconds(look) <= LONGEST_LOOK_SECONDS,
        })),
    ];
}
