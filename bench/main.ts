import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { factsOfMachine } from "./facts";
import { balancerSection } from "./balancer/section";
import { controlSection } from "./control/section";
import { dnsSection } from "./dns/section";
import { failoverSection } from "./failover/section";
import { pulumiSection } from "./pulumi/section";
import { svgOf } from "./support/chart";
import { jsonOf, markdownOf, type MakeSection, type Section } from "./report";

const SECTIONS: Readonly<Record<string, MakeSection>> = {
    balancer: balancerSection,
    control: controlSection,
    failover: failoverSection,
    dns: dnsSection,
    pulumi: pulumiSection,
};

/** Measures, and writes the report after each section: what is done is not lost when a later one fails. */
async function main(args: string[]): Promise<void> {
    const { values } = parseArgs({
        args,
        options: { quick: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
    });
    const names = values.only?.flatMap((list) => list.split(",")) ?? Object.keys(SECTIONS);
    const unknown = names.find((name) => !(name in SECTIONS));
    if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${Object.keys(SECTIONS).join(", ")}`);

    const facts = factsOfMachine(values.quick);
    const sections: Section[] = [];
    for (const name of names) {
        const begin = performance.now();
        const say = (what: string) => console.log(`${name}: ${what}`);
        sections.push(await SECTIONS[name]!({ quick: values.quick, say }));
        say(`done (${((performance.now() - begin) / 1000).toFixed(0)} s)`);
        write(sections, facts);
    }
    console.log("written: bench/REPORT.md, bench/REPORT.json");
}

function write(sections: readonly Section[], facts: Record<string, string>): void {
    writeFileSync(path.join(__dirname, "REPORT.json"), jsonOf(sections, facts));
    writeFileSync(path.join(__dirname, "REPORT.md"), markdownOf(sections, facts));
    const charts = path.join(__dirname, "charts");
    mkdirSync(charts, { recursive: true });
    for (const chart of sections.flatMap(({ charts = [] }) => charts))
        writeFileSync(path.join(charts, `${chart.name}.svg`), svgOf(chart));
}

// Each topology and each of its agents has something to remove at exit.
process.setMaxListeners(0);

main(process.argv.slice(2)).then(
    // What was started and not ended must not keep this waiting; it is undone at exit.
    () => process.exit(0),
    (error: Error) => {
        console.error(error.stack);
        process.exit(1);
    },
);
