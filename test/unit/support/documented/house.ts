import type { Address, Colour } from "./shared";

/** What a `House` has. */
export interface HouseArgs {
    /** Its colour, as in {@link Colour | the table}. A change takes effect in place. */
    colour: Colour;

    /**
     * How many rooms, 1 to 9.
     *
     * - small: 1
     * - large: 9
     *
     * @default 2 in a town, otherwise 3
     * @example 4
     */
    rooms?: number;

    /**
     * Its doors.
     *
     * @default { kind: "plain" } each
     * @example
     * [
     *     { kind: "plain" },
     * ]
     */
    door?: DoorArgs[];

    /**
     * Where it is.
     *
     * @default none
     */
    address?: Readonly<Address>;
}

/** How one goes in. */
export interface DoorArgs {
    /**
     * - `"plain"`: of wood
     * - `"glass"`: one sees who is there
     */
    kind: "plain" | "glass";
}

/**
 * A house. It stands in a `Garden`; `Nothing` is known of a `House`'s roof.
 *
 * @example
 * ```ts
 * new House("mine", { colour: "red" }); // not a `Garden`
 * ```
 */
export class House {
    /** Where it is. */
    readonly address: Address;
    /** Not for readers. */
    private readonly secret = 1;

    /**
     * @param name - is on the door
     * @throws HouseError when there is no room
     */
    constructor(name: string, args: HouseArgs = { colour: "red" }, options?: object) {
        this.address = { street: `${name}${this.secret}${args.rooms}${options !== undefined}` };
    }

    /** One that others built. */
    static from(name: string): House;
    /** One that others built, repainted. */
    static from(name: string, colour: Colour): House;
    static from(name: string, colour?: Colour): House {
        return new House(name, { colour: colour ?? "red" });
    }
}
