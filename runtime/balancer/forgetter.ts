import type { Plan } from "../../model/balancer/plan";
import type { Commands } from "./commands";
import { forgetConnections, movableConnections, resetConnections, type Served } from "./conntrack";
import { isDivided, resetAfter, staleAfter, staleAmong, stillDown } from "./stale";

/** Each deletion walks all of the kernel's records, 5 to 10 ms even when there are none: beyond this, look first which are needed. */
const MOST_BLIND_DELETIONS = 8;

/**
 * Keeps the kernel's records of connections in line with the plan that serves, apart from the plans' own queue: the next
 * change need not wait, and what came due meanwhile is done in one go.
 */
export class Forgetter {
    private plan?: Plan;
    private due: Served[] = [];
    /** Those to be reset; nothing that one may look for tells them from others. */
    private resets: Served[] = [];
    /** Whether more may be stale than the comparisons of plans told. */
    private sweepDue = true;
    private last: Promise<void> = Promise.resolve();

    constructor(private readonly commands: Commands) {}

    /** This plan serves now. What it made stale will be forgotten. */
    serves(plan: Plan): void {
        if (this.plan) this.due.push(...staleAfter(this.plan, plan));
        this.resets.push(...resetAfter(this.plan, plan));
        this.plan = plan;
        this.work();
    }

    /** Does what failed before. */
    retry(): void {
        this.work();
    }

    /** Resolves when all that came due so far is forgotten, or will be by `retry`. */
    settled(): Promise<void> {
        return this.last;
    }

    private work(): void {
        this.last = this.last.then(async () => {
            // To start a process takes longer than the plan did: first goes on who waits for that.
            await new Promise((resolve) => setImmediate(resolve));
            const { plan, due, resets, sweepDue } = this;
            if (!plan || (due.length + resets.length === 0 && !sweepDue)) return;
            this.due = [];
            this.resets = [];
            this.sweepDue = true;
            try {
                const look = sweepDue || due.length > MOST_BLIND_DELETIONS || due.some((one) => isDivided(plan, one));
                const found = look ? await movableConnections(addressesOf(plan), this.commands) : due;
                // A member that came back meanwhile keeps its connections.
                await forgetConnections(staleAmong(plan, found), this.commands);
                await resetConnections(stillDown(plan, resets), this.commands);
                this.sweepDue = false;
            } catch {
                // Left to the next attempt: the plan serves all the same.
                this.resets.unshift(...resets);
            }
        });
    }
}

function addressesOf({ network }: Plan): string[] {
    return [network.virtualIp, network.internalVirtualIp];
}
