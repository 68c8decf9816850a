/**
 * Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats). prom-client keeps counters
 * of its own, to be added to; ours are the kernel's, read anew each time, so only the format is left to write.
 */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface Family {
    readonly name: string;
    readonly type: "counter" | "gauge" | "summary";
    readonly help: string;
    readonly samples: readonly Sample[];
}

export interface Sample {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: number;
    /** Of a summary. */
    readonly suffix?: "_sum" | "_count";
}

/** Families without a sample are left out. */
export function prometheusText(families: readonly Family[]): string {
    return families
        .filter(({ samples }) => samples.length > 0)
        .map(
            ({ name, type, help, samples }) =>
                `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n# TYPE ${name} ${type}\n` +
                samples
                    .map(({ labels = {}, value, suffix = "" }) => `${name}${suffix}${labelText(labels)} ${value}\n`)
                    .join(""),
        )
        .join("");
}

function labelText(labels: Readonly<Record<string, string>>): string {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
    return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(value: string): string {
    return value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
