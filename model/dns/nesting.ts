/** Which policies lead to which, by name. */
export type Nesting = ReadonlyMap<string, readonly string[]>;

export interface Order {
    /** Every policy after all that it leads to; without those that lead into a loop. */
    readonly order: readonly string[];
    /** From a policy back to itself (`["a", "b", "a"]`); at least one where there are any. */
    readonly loops: readonly (readonly string[])[];
}

export function innermostFirst(nesting: Nesting): Order {
    const parents = parentsOf(nesting);
    const waitsFor = new Map([...nesting].map(([name, children]) => [name, inside(nesting, children).length]));
    const order = [...nesting.keys()].filter((name) => waitsFor.get(name) === 0);
    // The list grows while it is read: whoever waits for nobody any more is next.
    for (const name of order) {
        for (const parent of parents.get(name) ?? []) {
            waitsFor.set(parent, waitsFor.get(parent)! - 1);
            if (waitsFor.get(parent) === 0) order.push(parent);
        }
    }
    const ordered = new Set(order);
    return { order, loops: loopsIn(new Map([...nesting].filter(([name]) => !ordered.has(name)))) };
}

/** Each policy leads to another one of `stuck`, so whoever follows them comes back to where they have been. */
function loopsIn(stuck: Nesting): string[][] {
    const seen = new Set<string>();
    const loops: string[][] = [];
    for (const start of stuck.keys()) {
        const path: string[] = [];
        let name = start;
        while (!seen.has(name)) {
            seen.add(name);
            path.push(name);
            name = inside(stuck, stuck.get(name)!)[0]!;
        }
        const begin = path.indexOf(name);
        if (begin >= 0) loops.push([...path.slice(begin), name]);
    }
    return loops;
}

export function parentsOf(nesting: Nesting): Map<string, string[]> {
    const parents = new Map([...nesting.keys()].map((name): [string, string[]] => [name, []]));
    for (const [name, children] of nesting)
        for (const child of inside(nesting, children)) parents.get(child)!.push(name);
    return parents;
}

function inside(nesting: Nesting, names: readonly string[]): string[] {
    return names.filter((name) => nesting.has(name));
}
