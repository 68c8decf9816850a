import {
    addTraffic,
    NO_TRAFFIC,
    trafficSince,
    type MemberTraffic,
    type Traffic,
} from "../../../model/balancer/traffic";
import type { Detector } from "./detector";
import type { Kernel } from "./kernel";
import type { MemberWatch } from "./watch";

const LOOK_MS = 250;
/** Looking takes at most one part in so many of a CPU's time. */
const LARGEST_PART = 30;
const LONGEST_PAUSE_MS = 10_000;
/** A client that is not to hear of a refusal tries again after 1 s and 3 s: by then at the latest the member must be out. */
const LONGEST_ATTENTION_MS = 2_500;

export interface MeterParts {
    readonly kernel: Kernel;
    readonly watches: () => ReadonlyMap<string, MemberWatch>;
    readonly detector: Detector;
}

/**
 * Reads what the kernel counts, again and again, and keeps it by member: a machine's address may have been another's
 * before, so only what came since the last look is the member's. All begins at 0 with the agent.
 */
export class Meter {
    private readonly members = new Map<string, MemberTraffic>();
    private readonly arrivals = new Map<string, number>();
    private looking?: Promise<void>;
    private timer?: NodeJS.Timeout;
    private closed = false;
    /** Whether the kernel could be read last time. */
    private sees = false;

    constructor(private readonly parts: MeterParts) {}

    start(): void {
        void this.run();
    }

    close(): void {
        this.closed = true;
        clearTimeout(this.timer);
    }

    /** By the member's key. */
    ofMember(key: string): MemberTraffic {
        return this.members.get(key) ?? NO_TRAFFIC;
    }

    arrivedAt(frontend: string): number {
        return this.arrivals.get(frontend) ?? 0;
    }

    /** Brings the counts up to date. Where the kernel cannot be read, they stay as they are. */
    look(): Promise<void> {
        this.looking ??= this.read().finally(() => delete this.looking);
        return this.looking;
    }

    private async run(): Promise<void> {
        const begin = performance.now();
        await this.look();
        const pause = Math.max(LOOK_MS, (performance.now() - begin) * LARGEST_PART);
        // Who waits longer than that sees too late who refuses.
        if (this.sees && pause <= LONGEST_ATTENTION_MS) void this.parts.kernel.attend().catch(() => {});
        if (!this.closed) this.timer = setTimeout(() => void this.run(), Math.min(pause, LONGEST_PAUSE_MS)).unref();
    }

    private async read(): Promise<void> {
        const looks = await this.parts.kernel.traffic().catch(() => undefined);
        this.sees = looks !== undefined;
        if (looks?.before && !this.closed) this.add(looks.before, looks.now);
    }

    private add(last: Traffic, now: Traffic): void {
        for (const [frontend, { arrived }] of now) {
            const before = last.get(frontend)?.arrived ?? 0;
            const since = arrived < before ? arrived : arrived - before;
            this.arrivals.set(frontend, this.arrivedAt(frontend) + since);
        }
        const watches = this.parts.watches();
        const seen = new Map<MemberWatch, MemberTraffic>();
        for (const [key, watch] of watches) {
            const { address } = watch.known;
            const counted = (traffic: Traffic) => traffic.get(watch.member.frontend)?.members.get(address ?? "");
            const since = trafficSince(counted(last), counted(now) ?? NO_TRAFFIC);
            seen.set(watch, since);
            this.members.set(key, addTraffic(this.ofMember(key), since));
        }
        for (const key of this.members.keys()) if (!watches.has(key)) this.members.delete(key);
        this.parts.detector.look(seen);
    }
}
