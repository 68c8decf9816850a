import type { DnsPlan } from "../../../model/dns/plan";

/** What the agent needs of its engine: `DnsEngine` in a runtime, anything in a test. */
export interface Engine {
    /** Serves the plan when it resolves, or throws one sentence and what served before serves on. */
    apply(plan: DnsPlan): Promise<void>;
    /** What keeps names from being answered as they should, one sentence each. */
    problems(): readonly string[];
    /** Queries and answers since it started, by kind. */
    counters(): Promise<Readonly<Record<string, number>> | undefined>;
    /** Stops; what was applied goes on being served. */
    close(): Promise<void>;
}
