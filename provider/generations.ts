import { generationOf } from "../model/names";

interface Seen {
    /** Of the object that exists. */
    generation: number;
    name: unknown;
    /** The URN that it carries as a label, which is older than a rename. */
    urn: string;
}

/**
 * The generations of this run's resources. Pulumi checks what is to be replaced twice, the second time as if it were
 * new; the name must then be the next one, and the same in a preview as in the update that follows it.
 */
export class Generations {
    readonly #seen = new Map<string, Seen>();
    /** Which the program has declared in this run. */
    readonly #declared = new Set<string>();
    /** What is to replace those whose object goes first. */
    readonly #makingRoom = new Map<string, { id: string; successor: object }>();
    /** Whose object goes because something that it uses must. */
    readonly #yielding = new Set<string>();
    /** URNs as they are now, by those that state and labels hold. */
    readonly #current = new Map<string, string>();
    /** URNs on labels, by the resource that the program declares. */
    readonly #labelled = new Map<string, string>();

    /** The program declares `current`. */
    declares(current: string): void {
        this.#declared.add(current);
    }

    isDeclared(current: string): boolean {
        return this.#declared.has(current);
    }

    /** Labels of `current`'s objects hold `urn`; tells which other resource that the program declares has the same. */
    labels(current: string, urn: string): string | undefined {
        this.#labelled.set(current, urn);
        return [...this.#labelled].find(([other, its]) => other !== current && its === urn)?.[0];
    }

    /** `current` has an object of this name. */
    saw(current: string, object: { name?: unknown; urn: string }): void {
        const generation = typeof object.name === "string" ? generationOf(object.name) : 0;
        this.#current.set(object.urn, current);
        this.#seen.set(current, {
            generation: Math.max(generation, this.#seen.get(current)?.generation ?? 0),
            name: object.name,
            urn: object.urn,
        });
    }

    /** Whether a resource of this run has an object of that name. */
    isSomebodys(name: string): boolean {
        return [...this.#seen.values()].some((seen) => seen.name === name);
    }

    /** Whether another resource than `current` has an object of that name: after renames a label may tell otherwise. */
    isOthers(name: string, current: string): boolean {
        return [...this.#seen].some(([urn, seen]) => urn !== current && seen.name === name);
    }

    /** What is known of an object that the new one replaces. */
    replaced(current: string): Seen | undefined {
        return this.#seen.get(current);
    }

    /** If `current` is replaced, its object `id` goes first. Only what Pulumi does next, delete or create, tells whether it is. */
    makeRoom(current: string, id: string, successor: object): void {
        this.#makingRoom.set(current, { id, successor });
    }

    /** The inputs of what `current` makes room for; of its objects only the one that was to be replaced does (`leaving`). */
    successor(current: string, leaving?: string): object | undefined {
        const room = this.#makingRoom.get(current);
        return leaving === undefined || room?.id === leaving ? room?.successor : undefined;
    }

    /** `current` goes because something that it uses must. */
    yield(current: string): void {
        this.#yielding.add(current);
    }

    yields(current: string): boolean {
        return this.#yielding.has(current);
    }

    /** `current` has what it made room for. */
    made(current: string): void {
        this.#makingRoom.delete(current);
        this.#yielding.delete(current);
    }

    /** The URN by which Pulumi knows a resource now, for lines on its row. */
    current(urn: string): string {
        return this.#current.get(urn) ?? urn;
    }
}
