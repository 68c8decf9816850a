import type { ApplyRequest } from "../../../model/balancer/control";
import { Applies, type Final } from "../applies";
import type { Balancer } from "./balancer";
import type { Candidate } from "./candidate";
import { drain, type Departure } from "./drain";
import type { EventLog } from "../events";
import type { Kernel } from "./kernel";
import type { Applied } from "./memory";

export interface ApplyParts {
    readonly balancer: Balancer;
    readonly kernel: Kernel;
    readonly events: EventLog;
    /** Keeps the configuration, and the candidate's health, for the next agent. */
    readonly keep: (applied: Applied, candidate: Candidate) => Promise<void>;
}

const LOOK_MS = 20;
/** So long a swap waits for the first look at new members that need no proof, or that nobody wants to wait for. */
const LONGEST_FIRST_LOOK_MS = 1_000;
const REPORT_EVERY_MS = 1_000;
/** Whoever has waited so long need not read every second. */
const LONG_MS = 10_000;
const REPORT_EVERY_WHEN_LONG_MS = 5_000;

/** New members prove themselves beside what serves, then one swap, then what left is drained. */
export class BalancerApplies extends Applies<ApplyRequest> {
    constructor(private readonly parts: ApplyParts) {
        super(parts.events);
    }

    protected revision(): number {
        return this.parts.balancer.applied.revision;
    }

    protected async attempt(
        { configuration, owner, waitSeconds }: ApplyRequest,
        report: (message: string) => void,
        givenUp: AbortSignal,
    ): Promise<Final> {
        const { balancer, kernel, events, keep } = this.parts;
        const candidate = balancer.prepare(configuration);
        const fail = (problems: string[]): Final => {
            candidate.dismiss();
            return { event: "failed", problems };
        };

        candidate.start();
        await waitForProof(candidate, waitSeconds, report, givenUp);
        if (givenUp.aborted) return fail(["given up by whoever asked for it"]);
        const unproved = waitSeconds > 0 ? candidate.unproved() : [];
        if (unproved.length > 0) {
            return fail(
                unproved.map(
                    ({ label, reason }) => `${label} did not become healthy within ${waitSeconds} s: ${reason}`,
                ),
            );
        }
        candidate.presume();

        let left: Departure[];
        try {
            left = await balancer.adopt(candidate, owner, (applied) => keep(applied, candidate));
        } catch (error) {
            return fail([`the configuration could not be put into service: ${(error as Error).message}`]);
        }
        const { revision } = balancer.applied;
        events.add("apply", `revision ${revision} serves`);
        try {
            await drain(left, kernel, report, givenUp);
        } catch (error) {
            events.add("problem", `draining ended early: ${(error as Error).message}`);
        }
        return { event: "applied", revision };
    }
}

async function waitForProof(
    candidate: Candidate,
    waitSeconds: number,
    report: (message: string) => void,
    givenUp: AbortSignal,
): Promise<void> {
    const begin = Date.now();
    let reported = REPORT_EVERY_MS;
    while (!givenUp.aborted) {
        const passed = Date.now() - begin;
        const unproved = candidate.unproved();
        const mayWait = unproved.length > 0 && passed < waitSeconds * 1000;
        const isFirstLook = !candidate.hasLooked() && passed < LONGEST_FIRST_LOOK_MS;
        if (!mayWait && !isFirstLook) return;
        if (mayWait && passed >= reported) {
            report(progress(unproved, Math.round(passed / 1000), waitSeconds));
            reported += passed < LONG_MS ? REPORT_EVERY_MS : REPORT_EVERY_WHEN_LONG_MS;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
}

function progress(unproved: readonly { label: string; reason: string }[], passed: number, of: number): string {
    const [{ label, reason }] = unproved as [{ label: string; reason: string }];
    const others = unproved.length > 1 ? ` and ${unproved.length - 1} more` : "";
    return `waiting for ${label}${others}: ${reason} (${passed} s of ${of} s)`;
}
