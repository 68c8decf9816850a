import type { HouseArgs } from "./house";
import type { Address } from "./shared";

/** What a garden has. */
export interface GardenArgs extends Address {
    /** What stands in it. */
    house: HouseArgs;
    size?: number;
}

/** A garden. */
export class Garden {
    constructor(
        readonly name: string,
        readonly args: GardenArgs,
    ) {}
}
