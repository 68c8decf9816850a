import type { DnsConfiguration } from "../../../model/dns/configuration";
import type { DnsApplyRequest } from "../../../model/dns/control";
import { Applies, type Final } from "../applies";
import type { EventLog } from "../events";
import type { EndpointMonitor } from "./endpoint-monitor";
import type { Applied } from "./memory";
import { questionsOf } from "./question";
import type { Serving } from "./serving";

export interface ApplyParts {
    readonly serving: Serving;
    readonly events: EventLog;
    /** Keeps the configuration for the next agent. */
    readonly keep: (applied: Applied) => Promise<void>;
    /** Called when it serves and is kept. */
    readonly onApplied: (before: DnsConfiguration | null, applied: Applied) => Promise<void>;
}

const LOOK_MS = 20;
/** Nobody is to be sent where nobody answers, but who is silent holds nothing up for long. */
const LONGEST_WAIT_MS = 10_000;
const REPORT_EVERY_MS = 1_000;

/** The new configuration's new endpoints are asked for the first time, then it serves. */
export class DnsApplies extends Applies<DnsApplyRequest> {
    constructor(private readonly parts: ApplyParts) {
        super(parts.events);
    }

    protected revision(): number {
        return this.parts.serving.applied.revision;
    }

    protected async attempt(
        { configuration, owner, atOnce }: DnsApplyRequest,
        report: (message: string) => void,
        givenUp: AbortSignal,
    ): Promise<Final> {
        const { serving, events, keep, onApplied } = this.parts;
        const before = serving.applied.configuration;
        const questions = questionsOf(configuration);
        try {
            if (!atOnce) await waitForAnswers(serving.meet(questions), report, givenUp);
            if (givenUp.aborted) return { event: "failed", problems: ["whoever asked for the apply has gone"] };
            await serving.adopt(configuration, questions, owner, keep);
        } catch (error) {
            const problem = `the configuration could not be put into service: ${(error as Error).message}`;
            return { event: "failed", problems: [problem] };
        } finally {
            serving.dismiss();
        }
        const { applied } = serving;
        events.add("apply", `revision ${applied.revision} serves`);
        await onApplied(before, applied);
        await serving.settled();
        return { event: "applied", revision: applied.revision };
    }
}

/** Until every endpoint has a status, or has had the time of a probe. */
async function waitForAnswers(
    monitors: readonly EndpointMonitor[],
    report: (message: string) => void,
    givenUp: AbortSignal,
): Promise<void> {
    const longest = Math.max(0, ...monitors.map(({ question }) => question.timing.timeoutSeconds * 1000));
    const begin = performance.now();
    const deadline = begin + Math.min(LONGEST_WAIT_MS, longest + LOOK_MS);
    let reported = LOOK_MS;
    let waiting = monitors;
    while (!givenUp.aborted && performance.now() < deadline) {
        waiting = waiting.filter(({ verdict }) => verdict === "checking");
        if (waiting.length === 0) return;
        if (performance.now() - begin >= reported) {
            report(`waiting for the first probe of ${named(waiting)}`);
            reported = performance.now() - begin + REPORT_EVERY_MS;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
}

function named([first, ...others]: readonly EndpointMonitor[]): string {
    const { endpoint, policy } = first!.question;
    return `${endpoint} of ${policy}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}
