import type { ByPlace, Classifier } from "./decision";
import { COUNTRIES } from "./countries";
import { distanceKm } from "./distance";
import type { Coordinates } from "./location";
import { networksOf, rangeOf } from "./subnet";

/** Locations from the nearest to the farthest; those in one list are equally near. */
export type Order = readonly (readonly string[])[];

/** Classes of clients, each of which is named after its order of locations (`eastus>westus=westus2`). */
export interface Proximity {
    readonly classifier: Classifier;
    readonly orders: ReadonlyMap<string, Order>;
}

export interface Geography {
    /** Network → location → milliseconds. */
    readonly latencies?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
    /** Whether anybody can say in which country a client is. */
    readonly knowsCountries: boolean;
    readonly coordinatesOf: (location: string) => Coordinates;
}

/**
 * What is measured decides; for clients of whose network nothing is, the distance from the middle of their country; and
 * for those whose country is unknown, nothing: all locations are equally near.
 */
export function proximity(locations: readonly string[], geography: Geography): Proximity {
    const orders = new Map<string, Order>();
    const classOf = (order: Order) => {
        const name = order.map((equallyNear) => equallyNear.join("=")).join(">");
        if (!orders.has(name)) orders.set(name, order);
        return name;
    };
    const anywhere = classOf([locations]);
    const near = geography.knowsCountries ? byDistance(locations, geography, classOf, anywhere) : anywhere;
    const networks: Record<string, string> = {};
    for (const [range, measured] of Object.entries(geography.latencies ?? {})) {
        const latencies = new Map(Object.entries(measured));
        // Locations of which nothing was measured come last; a network of which nothing was says nothing.
        if (!locations.some((location) => latencies.has(location))) continue;
        const order = classOf(orderedBy(locations, (location) => latencies.get(location) ?? Infinity));
        for (const network of networksOf(rangeOf(range)!)) networks[network] = order;
    }
    if (Object.keys(networks).length === 0 && typeof near === "object") return { classifier: near, orders };
    return { classifier: { kind: "networks", networks, otherwise: near }, orders };
}

function byDistance(
    locations: readonly string[],
    { coordinatesOf }: Geography,
    classOf: (order: Order) => string,
    otherwise: string,
): ByPlace {
    const places = Object.entries(COUNTRIES).map(([country, { center }]) => {
        const distances = new Map(locations.map((name) => [name, distanceKm(center, coordinatesOf(name))]));
        return [country, classOf(orderedBy(locations, (name) => distances.get(name)!))] as const;
    });
    return { kind: "places", places: Object.fromEntries(places), otherwise };
}

function orderedBy(locations: readonly string[], cost: (location: string) => number): Order {
    const groups = new Map<number, string[]>();
    for (const location of locations) groups.set(cost(location), [...(groups.get(cost(location)) ?? []), location]);
    return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}
