import type { Stack } from "@pulumi/pulumi/automation";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { applied, stageOf, together, type Change, type Program, type Property, type Shown } from "./changes";
import { rowOf, Steps, type Project } from "./project";
import { UNKNOWN } from "../../../model/schema/unknown";

interface Round {
    readonly previewed: Shown;
    readonly made: Shown;
    readonly after: Shown;
    /** Of requests during the update. */
    readonly failures: string[];
    /** All that Pulumi told. */
    readonly told: string;
}

/** What a stack goes through. */
interface Tables {
    readonly properties: readonly Property[];
    readonly given: readonly Change[];
    readonly changes: readonly Change[];
    readonly reordered: readonly Change[];
    readonly takenBack: readonly Change[];
    readonly renamed: readonly Change[];
}

type Meanwhile = <T>(update: () => Promise<T>) => Promise<{ result: T; failures: string[] }>;

/** Those of a resource that gets another name, and of what it is made of. */
function rowsAbout({ from, to }: NonNullable<Change["rename"]>, shown: Shown): string[] {
    return Object.keys(shown).filter((row) => [from, to].includes(row.split(" ")[1]!.split("-")[0]!));
}

/** The inputs of a component that change: Pulumi shows them, but names none. */
function differences(olds: Record<string, unknown>, news: Record<string, unknown>): string[] {
    const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
    return [...keys].filter((key) => !isDeepStrictEqual(olds[key], news[key])).sort();
}

/** Takes one stack through one program after the other. */
export class Rounds {
    #project!: Project;
    stack!: Stack;
    #fill: Record<string, string | number> = {};
    #meanwhile: Meanwhile = async (update) => ({ result: await update(), failures: [] });

    constructor(private program: Program) {}

    /**
     * @param fill what the tables cannot know yet, by `<name>`
     * @param meanwhile what is tried during every update
     */
    async start(project: Project, fill: Record<string, string | number>, meanwhile?: Meanwhile): Promise<void> {
        if (meanwhile) this.#meanwhile = meanwhile;
        this.#project = project;
        this.#fill = fill;
        this.stack = await project.stack("c");
        this.#declare();
    }

    /** Everything is given, changed, spelt otherwise, taken back, and renamed, in this order. */
    all({ properties, given, changes, reordered, takenBack, renamed }: Tables): void {
        it("at first, all that is made is known before", () => this.#first());

        this.#round("given", [...stageOf(properties, 0), ...given]);

        this.#round("changed", [...stageOf(properties, 1), ...changes], (round) => {
            it("a secret's new value is never shown", () => expect(round().told).not.toContain("hush-two"));
        });

        it("reordered or spelt otherwise, nothing changes", async () => {
            expect(await this.#previewOf(reordered)).toEqual({});
        });

        this.#round("taken back", [...stageOf(properties, 2), ...takenBack]);

        this.#round("renamed", renamed);
    }

    /** Each change by itself says what it should, and all of them together no more. */
    #round(title: string, changes: readonly Change[], more?: (round: () => Round) => void): void {
        describe(title, () => {
            let round: Round;
            beforeAll(async () => {
                round = await this.#take(changes);
            });

            it.each(changes.map((change) => [change.what, change] as const))("%s", (_what, { shows, rename }) => {
                if (Object.keys(shows).length === 0) expect(rowsAbout(rename!, round.previewed)).toEqual([]);
                for (const [resource, { op, changes, replaces = [] }] of Object.entries(shows)) {
                    const step = round.previewed[resource];
                    expect({ resource, op: step?.op }).toEqual({ resource, op });
                    expect(step?.changes).toEqual(expect.arrayContaining(changes));
                    expect(step?.replaces ?? []).toEqual(expect.arrayContaining(replaces));
                }
            });

            it("nothing beside these is shown", () => expect(round.previewed).toEqual(together(changes)));

            it("the update does what the preview showed, and leaves nothing to do", () => {
                expect(round.made).toEqual(round.previewed);
                expect(round.after).toEqual({});
                expect(round.failures).toEqual([]);
            });

            more?.(() => round);
        });
    }

    /** The first preview knows all that the update then makes. */
    async #first(): Promise<void> {
        const preview = await this.#run("preview");
        expect(JSON.stringify(preview.inputs)).not.toContain(UNKNOWN);
        const { inputs } = await this.#run("up");
        expect(inputs).toEqual(preview.inputs);
        expect((await this.#run("preview")).shown).toEqual({});
    }

    /** Changes that change nothing. */
    async #previewOf(changes: readonly Change[]): Promise<Shown> {
        this.program = applied(this.program, changes);
        this.#declare();
        return (await this.#run("preview")).shown;
    }

    async #take(changes: readonly Change[]): Promise<Round> {
        this.program = applied(this.program, changes);
        this.#declare();
        const preview = await this.#run("preview");
        const { result: up, failures } = await this.#meanwhile(() => this.#run("up"));
        const after = await this.#run("preview");
        return { previewed: preview.shown, made: up.shown, after: after.shown, failures, told: preview.told + up.told };
    }

    async #run(operation: "preview" | "up"): Promise<{ shown: Shown; inputs: Record<string, object>; told: string }> {
        const steps = new Steps();
        const inputs: Record<string, object> = {};
        let told = "";
        const onEvent: Steps["onEvent"] = (event) => {
            steps.onEvent(event);
            // What Pulumi's SDK says to those who debug, with all secrets, the CLI does not show.
            if ((event.diagnosticEvent?.severity as string) !== "debug") told += `${JSON.stringify(event)}\n`;
            const { urn, op, old, new: made } = event.resourcePreEvent?.metadata ?? {};
            if (!urn || !made) return;
            inputs[urn] = made.inputs;
            const row = op === "update" && !made.custom ? steps.byResource[rowOf(urn)] : undefined;
            row?.changes.push(...differences(old!.inputs, made.inputs));
        };
        await this.stack[operation]({ onEvent }).catch((error) => {
            throw new Error(`${operation}: ${JSON.stringify(steps.errors, null, 1)}`, { cause: error });
        });
        const shown = Object.entries(steps.byResource).map(([resource, { replaces, ...step }]) => [
            resource,
            { ...step, ...(replaces && { replaces: [...replaces].sort() }) },
        ]);
        return { shown: Object.fromEntries(shown) as Shown, inputs, told };
    }

    #declare(): void {
        const filled = Object.entries(this.#fill).reduce(
            (text, [key, value]) =>
                text.replaceAll(`"<${key}>"`, JSON.stringify(value)).replaceAll(`<${key}>`, `${value}`),
            JSON.stringify(this.program),
        );
        this.#project.declare(this.stack, JSON.parse(filled) as object);
    }
}
