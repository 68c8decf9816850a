import { table, time } from "../../text";
import type { ConsideredEndpoint, ExplainedStep, Explanation } from "../explanation";

/** An explanation as an engineer wants to read it in a terminal. */
export function explanationText({ name, client, ttlSeconds, steps, answers, otherwise }: Explanation): string {
    const told = answers.map(({ type, data, odds }) => [type, data, percent(odds)]);
    return [
        `${name} for client ${client}, TTL ${ttlSeconds} s`,
        ...steps.flatMap((step) => ["", ...stepText(step)]),
        "",
        "answer",
        ...(told.length > 0 ? table(told) : [`  ${otherwise ?? ""}`]),
    ].join("\n");
}

function stepText({ policy, method, status, notes, endpoints }: ExplainedStep): string[] {
    const rows = endpoints.map((endpoint) => [
        endpoint.name,
        endpoint.target,
        statusText(endpoint),
        percent(endpoint.odds),
        endpoint.why,
    ]);
    return [
        `policy ${policy} (${method}) is ${status}`,
        ...notes.map((note) => `  ${note}`),
        ...(rows.length > 0 ? table([["endpoint", "leads to", "status", "answers", "why"], ...rows]) : []),
    ];
}

function statusText({ status, reason, since }: ConsideredEndpoint): string {
    const why = reason === "" ? "" : `: ${reason}`;
    return `${status}${why}${since === undefined ? "" : ` (since ${time(since)})`}`;
}

/** `33.3 %`; never 0 for what can happen. */
export function percent(odds: number): string {
    if (odds > 0 && odds < 0.0005) return "< 0.1 %";
    return `${Number((odds * 100).toFixed(1))} %`;
}
