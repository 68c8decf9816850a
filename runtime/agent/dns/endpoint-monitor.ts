import type { EndpointHealth } from "../../../model/dns/observation";
import { initialHealth, nextHealth, type MemberHealth } from "../../../model/health/health";
import type { ProbeTiming } from "../../../model/health/probe";
import type { Known } from "./memory";
import { proberKey, type Probers, type Seen } from "./prober";
import type { Question } from "./question";

/** What the answers to an endpoint's question say of it. */
export class EndpointMonitor {
    private health: MemberHealth;
    latencyMs?: number;
    /** Since the agent started. */
    readonly probes = { succeeded: 0, failed: 0 };
    private unfollow?: () => void;

    constructor(
        private asked: Question,
        private readonly onVerdict: (monitor: EndpointMonitor) => void,
        known?: Known,
    ) {
        const isOfTarget = known?.health !== undefined && known.target === asked.target;
        this.health = isOfTarget ? known.health! : initialHealth(Date.now());
    }

    get question(): Question {
        return this.asked;
    }

    get verdict(): EndpointHealth {
        const { status } = this.health;
        if (status === "unknown") return "checking";
        return status === "healthy" ? "online" : "degraded";
    }

    get reason(): string {
        return this.health.reason;
    }

    get known(): Required<Pick<Known, "health" | "target">> {
        return { health: this.health, target: this.asked.target };
    }

    /** Asks this from now on. Whoever is asked something else than before is as it was, until it has answered that. */
    serve(question: Question, probers: Probers): void {
        const goesOn = this.unfollow !== undefined && proberKey(question) === proberKey(this.asked);
        this.asked = question;
        if (goesOn) return;
        this.close();
        this.unfollow = probers.follow(question, (seen) => this.record(seen), this.verdict === "checking");
    }

    close(): void {
        this.unfollow?.();
        delete this.unfollow;
    }

    private record(seen: Seen): void {
        const before = this.verdict;
        this.probes[seen.outcome === "success" ? "succeeded" : "failed"]++;
        if (seen.outcome === "success") this.latencyMs = seen.latencyMs;
        this.health = nextHealth(this.health, seen, timingFor(this.health, this.asked.timing), Date.now());
        if (this.verdict !== before) this.onVerdict(this);
    }
}

/** An endpoint is CheckingEndpoint until its first result and no longer, as in Azure: there is no status to tolerate failures in. */
function timingFor({ status }: MemberHealth, timing: ProbeTiming): ProbeTiming {
    return status === "unknown" ? { ...timing, silenceThreshold: 1, refusalThreshold: 1 } : timing;
}
