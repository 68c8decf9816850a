import type { Observation } from "../../../model/balancer/observation";
import { initialHealth, nextHealth, type MemberHealth, type ProbeResult } from "../../../model/health/health";
import { probe as probeSchema, probeTiming, type ActiveProbe, type ProbeTiming } from "../../../model/health/probe";
import { STOPPING, type MemberStatus } from "../../../model/balancer/control";
import { unusual, type Member } from "./members";
import type { Names } from "./names";
import type { Ask } from "../probes";
import type { Answer } from "./resolver";
import { repeat } from "../schedule";

/** What outlives the agent of a member's health. */
export interface Known {
    readonly health: MemberHealth;
    readonly address?: string;
}

export interface Surroundings {
    readonly names: Names;
    readonly ask: Ask;
    /** Called after the member's status or address has changed; `event` (`is healthy`) is for the log. */
    readonly onChange: (watch: MemberWatch, event?: string) => void;
}

/** A member without a probe follows its machine: it is healthy while that runs. */
const FOLLOWS_MACHINE: ProbeTiming = {
    intervalSeconds: Infinity,
    timeoutSeconds: 0,
    silenceThreshold: 1,
    refusalThreshold: 1,
    healthyThreshold: 1,
    longestHoldDownSeconds: 0,
};

/** A machine that is about to stop and has not done so for this long will not stop. */
const LONGEST_QUIESCE_MS = 60_000;

const ARRIVAL_PACE_SECONDS = 1;
const LONGEST_ARRIVAL_MS = 60_000;

/** Whether a machine takes connections at all, its kernel tells at once, however busy its service is. */
const HANDSHAKE = probeSchema.parse({ protocol: "tcp" }) as ActiveProbe;
const LONGEST_HANDSHAKE_SECONDS = 0.25;
/** Long enough for a client that is refused for good to hear it at its second try; a service that restarts is forgiven again. */
const REFUSES_SOME_MS = 10_000;

/** Follows one member: where its machine is, and whether its probe likes it. */
export class MemberWatch {
    private health: MemberHealth;
    private address?: string;
    /** How long the last good probe took. */
    private latencyMs?: number;
    private lastAddress?: string;
    /** Probes since the agent started, by outcome, and how long the good ones took in all. */
    private readonly probed = { success: 0, refusal: 0, silence: 0, seconds: 0 };
    private quiescing?: NodeJS.Timeout;
    private quiescedAt = 0;
    private unfollow?: () => void;
    private stopProbing?: () => void;
    private looked = false;
    private pace?: number;
    /** Runs while the machine has just got an address. */
    private arriving?: NodeJS.Timeout;
    /** Runs after the machine has refused some connections and taken the agent's. */
    private refusing?: NodeJS.Timeout;

    constructor(
        private served: Member,
        private readonly surroundings: Surroundings,
        known?: Known,
    ) {
        this.health = known?.health ?? initialHealth(Date.now());
        this.address = known?.address;
    }

    get member(): Member {
        return this.served;
    }

    get isHealthy(): boolean {
        return healthy(this.health) && !this.quiescing;
    }

    /** Whether the first answer of DNS, and of the probe if the machine runs, is in. */
    get hasLooked(): boolean {
        return this.looked;
    }

    get known(): Known {
        return { health: this.health, address: this.address };
    }

    /** What the balancer may send connections to. */
    get observation(): Observation {
        if (this.quiescing) return { status: "stopped" };
        const refusesSome = this.refusing !== undefined;
        return { status: this.health.status, address: this.address, lastAddress: this.lastAddress, refusesSome };
    }

    get status(): Omit<MemberStatus, "share"> {
        const { container, share, probe } = this.served;
        const probes = probe.protocol === "none" ? undefined : { ...this.probed };
        const configured = { container, ...unusual(share), probes };
        if (this.quiescing) return { status: "stopped", reason: STOPPING, since: this.quiescedAt, ...configured };
        const { status, reason, since } = this.health;
        return { status, reason, since, ...configured, address: this.address, latencyMs: this.latencyMs };
    }

    start(): void {
        this.unfollow = this.surroundings.names.follow(this.served.container, (answer) => this.resolved(answer));
    }

    close(): void {
        this.unfollow?.();
        this.stopProbing?.();
        clearTimeout(this.quiescing);
        clearTimeout(this.arriving);
        clearTimeout(this.refusing);
    }

    /** Leaves so many seconds between probes, whatever the member's own interval, until it is next told what to `serve`. */
    hurry(pace: number): void {
        this.pace = pace;
        if (this.stopProbing) this.probeFromNow();
    }

    /** Takes over new settings of the same member; its health stays. */
    serve(member: Member): void {
        const keepsPace = this.pace === undefined && sameProbe(this.served, member);
        this.served = member;
        delete this.pace;
        if (this.stopProbing && !keepsPace) this.probeFromNow();
    }

    /** Takes over the health of a watch that asked something else of the same machine, until there is an answer to this. */
    presume(known: Known): void {
        if (this.health.status === "unknown") this.health = known.health;
    }

    /** Sends the member no new connections until its machine has been seen to stop (or has not, for long). */
    quiesce(): void {
        clearTimeout(this.quiescing);
        this.quiescedAt = Date.now();
        this.quiescing = setTimeout(() => this.endQuiesce(), LONGEST_QUIESCE_MS).unref();
        this.surroundings.onChange(this, "is about to stop");
    }

    /**
     * Asks at once whether the machine takes connections, because `evidence` speaks against it. If it does not, the
     * member is unhealthy, whatever its thresholds. Tells whether it was found so.
     *
     * @param refused whether it has refused connections: one that takes this one means it so
     */
    async confirm(evidence: string, refused: boolean): Promise<boolean> {
        const { address, stopProbing: round } = this;
        if (address === undefined || !round || !this.isHealthy) return false;
        const probe = this.served.probe as ActiveProbe;
        const timing = probeTiming(probe);
        const target = { address, port: this.probePort(probe) };
        const seconds = Math.min(timing.timeoutSeconds, LONGEST_HANDSHAKE_SECONDS);
        const result = await this.surroundings.ask(HANDSHAKE, target, seconds);
        if (this.stopProbing !== round || !this.isHealthy) return false;
        if (result.outcome === "success") {
            if (refused) this.letRefuse();
            return false;
        }
        const reason = [evidence, result.reason].filter(Boolean).join(", and ");
        this.record({ ...result, reason, isConfirmed: true });
        return true;
    }

    private letRefuse(): void {
        const isNew = this.refusing === undefined;
        clearTimeout(this.refusing);
        this.refusing = setTimeout(() => {
            delete this.refusing;
            this.surroundings.onChange(this);
        }, REFUSES_SOME_MS).unref();
        if (isNew) this.surroundings.onChange(this);
    }

    private endQuiesce(): void {
        clearTimeout(this.quiescing);
        delete this.quiescing;
        this.surroundings.onChange(this, describe(this.health));
    }

    private resolved(answer: Answer): void {
        if (answer.kind === "failed") {
            if (this.address === undefined) this.health = { ...this.health, reason: "Docker's DNS does not answer" };
            this.looked = true;
        } else if (answer.kind === "none") {
            this.stopProbes();
            this.lastAddress = this.address ?? this.lastAddress;
            delete this.address;
            return this.record({ outcome: "stopped" });
        } else {
            this.moveTo(answer.address);
        }
        if (this.address === undefined) return;
        if (this.served.probe.protocol === "none") this.record({ outcome: "success" });
        else if (!this.stopProbing) this.probeFromNow();
    }

    private moveTo(address: string): void {
        const before = this.address;
        if (before === address) return;
        this.lastAddress = before ?? this.lastAddress;
        this.address = address;
        this.stopProbes();
        const isProbed = this.served.probe.protocol !== "none";
        // Whoever answered at the old address says nothing about the new one.
        if (isProbed && (before !== undefined || this.health.status === "stopped"))
            this.health = initialHealth(Date.now(), this.health);
        if (isProbed) this.arrive();
        delete this.latencyMs;
        this.surroundings.onChange(this, before === undefined ? undefined : `moved from ${before} to ${address}`);
    }

    /** A machine's service takes a moment longer than the machine: it is asked often until it has come up. */
    private arrive(): void {
        clearTimeout(this.arriving);
        this.arriving = setTimeout(() => this.endArrival(), LONGEST_ARRIVAL_MS).unref();
    }

    private endArrival(): void {
        clearTimeout(this.arriving);
        delete this.arriving;
        if (this.stopProbing) this.probeFromNow();
    }

    private stopProbes(): void {
        this.stopProbing?.();
        delete this.stopProbing;
    }

    private probeFromNow(): void {
        this.stopProbes();
        const probe = this.served.probe as ActiveProbe;
        const timing = probeTiming(probe);
        const port = this.probePort(probe);
        const usual = this.arriving ? Math.min(ARRIVAL_PACE_SECONDS, timing.intervalSeconds) : timing.intervalSeconds;
        const stop = repeat(this.pace ?? usual, async () => {
            await this.surroundings.names.ask(this.served.container);
            // The answer may have moved the member, or stopped it, and with it this round of probes.
            if (this.stopProbing !== stop || this.address === undefined) return;
            const begin = performance.now();
            const result = await this.surroundings.ask(probe, { address: this.address, port }, timing.timeoutSeconds);
            if (this.stopProbing !== stop) return;
            this.tally(result, performance.now() - begin);
            this.record(result);
        });
        this.stopProbing = stop;
    }

    private tally({ outcome }: ProbeResult, milliseconds: number): void {
        if (outcome === "stopped") return;
        this.probed[outcome]++;
        if (outcome !== "success") return;
        this.probed.seconds += milliseconds / 1000;
        this.latencyMs = Math.round(milliseconds * 10) / 10;
    }

    private probePort(probe: ActiveProbe): number {
        return probe.port ?? this.served.privatePorts.first;
    }

    private record(result: ProbeResult): void {
        const { probe } = this.served;
        const timing = probe.protocol === "none" ? FOLLOWS_MACHINE : probeTiming(probe);
        const before = this.health;
        const isPlanned = this.quiescing !== undefined || this.served.state === "stopped";
        this.health = nextHealth(before, { ...result, isPlanned }, timing, Date.now());
        this.looked = true;
        if (this.quiescing && !healthy(this.health)) this.endQuiesce();
        else if (this.health.status !== before.status) this.surroundings.onChange(this, describe(this.health));
        if (this.arriving && this.isHealthy) this.endArrival();
    }
}

function healthy(health: MemberHealth): boolean {
    return health.status === "healthy";
}

function describe({ status, reason }: MemberHealth): string {
    return reason ? `is ${status}: ${reason}` : `is ${status}`;
}

function sameProbe(a: Member, b: Member): boolean {
    return JSON.stringify([a.probe, a.privatePorts]) === JSON.stringify([b.probe, b.privatePorts]);
}
