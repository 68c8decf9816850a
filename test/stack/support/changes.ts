import type { Step } from "./project";

/** What test/stack/programs/changes declares, by name. */
export type Program = Record<string, { readonly type: string; readonly args: object; readonly alias?: string }>;

/** What a preview says, by `Type name`. */
export type Shown = Record<string, Step>;

/** One kind of change, and all that it shows. */
export interface Change {
    readonly what: string;
    /** Arguments by `resource.path`; one that is `undefined` is taken away. */
    readonly give?: Record<string, unknown>;
    readonly make?: Program;
    readonly drop?: string[];
    readonly rename?: { from: string; to: string; alias?: true };
    readonly shows: Shown;
}

/** A property that a program first does not give, then gives, changes (where it can be otherwise still), and takes back. */
export interface Property {
    readonly of: Resource;
    readonly path: string;
    readonly values: readonly [unknown, unknown?];
    /** What each of the three shows, where that is not the path alone. */
    readonly shows?: readonly [string[], string[], string[]];
}

/** A resource, and how a change of some of its paths shows. */
export interface Resource {
    readonly name: string;
    readonly shows: (property: string, paths: string[]) => Shown;
}

export function stageOf(table: readonly Property[], stage: 0 | 1 | 2): Change[] {
    const part = table.filter(({ values }) => stage !== 1 || values.length > 1);
    return part.map(({ of, path, values, shows }) => ({
        what: `${of.name}.${path} is ${["given", "changed", "taken back"][stage]}`,
        give: { [`${of.name}.${path}`]: stage === 2 ? undefined : values[stage] },
        shows: of.shows(path.split(".")[0]!, shows?.[stage] ?? [path]),
    }));
}

export const updated = (...changes: string[]): Step => ({ op: "update", changes });
export const created: Step = { op: "create", changes: [] };
export const deleted: Step = { op: "delete", changes: [] };

/** The new one beside the old one, under another name. */
export const replaced = (replaces: string[], ...changes: string[]): Step => ({
    op: "create-replacement",
    changes: ["name", ...changes],
    replaces,
});

/** The old one first, and the new one under its name. */
export const replacedInPlace = (replaces: string[], ...changes: string[]): Step => ({
    op: "delete-replaced",
    changes,
    replaces,
});

/** The program with the changes made. */
export function applied(program: Program, changes: readonly Change[]): Program {
    return changes.reduce(changed, program);
}

function changed(program: Program, { give = {}, make = {}, drop = [], rename }: Change): Program {
    const result = { ...(JSON.parse(JSON.stringify(program)) as Program), ...make };
    for (const name of drop) delete result[name];
    for (const [path, value] of Object.entries(give)) {
        const [name, ...keys] = path.split(".") as [string, ...string[]];
        const last = keys.pop()!;
        const parent = keys.reduce((args, key) => (args[key] ??= {}), result[name]!.args as Record<string, any>);
        parent[last] = value;
    }
    return rename ? renamed(result, rename) : result;
}

function renamed(program: Program, { from, to, alias }: NonNullable<Change["rename"]>): Program {
    const entries = Object.entries(program).map(([name, declaration]) =>
        name === from ? [to, { ...declaration, ...(alias && { alias: from }) }] : [name, declaration],
    );
    return JSON.parse(JSON.stringify(Object.fromEntries(entries)).replaceAll(`"@${from}"`, `"@${to}"`)) as Program;
}

/** What several changes show together. */
export function together(changes: readonly Change[]): Shown {
    const all: Shown = {};
    for (const [resource, step] of changes.flatMap(({ shows }) => Object.entries(shows))) {
        const { changes: before = [], replaces: reasons = [] } = all[resource] ?? {};
        const replaces = union(reasons, step.replaces ?? []);
        all[resource] = { op: step.op, changes: union(before, step.changes), ...(replaces.length > 0 && { replaces }) };
    }
    return all;
}

function union(one: readonly string[], other: readonly string[]): string[] {
    return [...new Set([...one, ...other])].sort();
}
