import type { ApplyEvent } from "../../model/control";
import type { EventLog } from "./events";

export type Final = Exclude<ApplyEvent, { event: "progress" }>;

/** Applies configurations, one at a time and each whole or not at all. */
export abstract class Applies<Request extends { basedOn: number }> {
    private runningSince?: number;
    /** Since the agent started. */
    readonly outcomes = { applied: 0, failed: 0 };

    constructor(private readonly log: EventLog) {}

    /** Why this apply cannot even begin. */
    conflict({ basedOn }: Request): string | undefined {
        if (this.runningSince !== undefined) {
            const seconds = Math.round((Date.now() - this.runningSince) / 1000);
            return `another apply is running since ${new Date(this.runningSince).toISOString()} (${seconds} s); try again when it has ended`;
        }
        const revision = this.revision();
        if (basedOn === revision) return undefined;
        return `the apply is based on revision ${basedOn}, but revision ${revision} serves by now: somebody else has applied in between; run pulumi refresh, then pulumi up`;
    }

    /** @param givenUp aborted when whoever asked has gone; until the new configuration serves this ends the apply */
    async run(request: Request, report: (message: string) => void, givenUp: AbortSignal): Promise<Final> {
        const conflict = this.conflict(request);
        if (conflict) return { event: "failed", problems: [conflict] };
        this.runningSince = Date.now();
        try {
            const final = await this.attempt(request, report, givenUp);
            this.outcomes[final.event]++;
            if (final.event === "failed") this.log.add("apply", `failed: ${final.problems.join("; ")}`);
            return final;
        } finally {
            delete this.runningSince;
        }
    }

    /** The revision that serves. */
    protected abstract revision(): number;

    protected abstract attempt(
        request: Request,
        report: (message: string) => void,
        givenUp: AbortSignal,
    ): Promise<Final>;
}
