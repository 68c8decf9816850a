import { stableHash } from "../network/addresses";
import type { ByNetwork, ByPlace, Classifier } from "./decision";
import { MOST_NAMES, type ClientMap, type Division } from "./plan";

/** From here on two digits need fewer names, and several classes of one first digit often have the same answer. */
const MOST_OF_ONE_DIGIT = 16;

/** Classifiers are made once for a configuration, and may hold thousands of networks. */
const made = new WeakMap<Classifier, Division>();

export function divisionBy(classifier: Classifier): Division {
    let division = made.get(classifier);
    if (!division) {
        const text = JSON.stringify(classifier);
        const id = `${stableHash(text).toString(36)}${stableHash(` ${text}`).toString(36)}`;
        made.set(classifier, (division = { id, classifier, names: named(id, ownClasses(classifier)) }));
    }
    return division;
}

/** What a division of networks calls the clients in none of them, unless its classifier does. */
export function elsewhere({ id }: Division): string {
    return `${id}_elsewhere`;
}

function ownClasses(classifier: Classifier): string[] {
    const { otherwise } = classifier;
    const listed = Object.values(classifier.kind === "networks" ? classifier.networks : classifier.places);
    return [...new Set(typeof otherwise === "string" ? [...listed, otherwise] : listed)].sort();
}

function named(id: string, classes: readonly string[]): Map<string, readonly string[]> {
    if (classes.length <= MOST_OF_ONE_DIGIT) return new Map(classes.map((name, n) => [name, [`${id}_${n}`]]));
    const digits = alike(classes, Math.ceil(Math.sqrt(classes.length)));
    return new Map(
        digits.flatMap((own, first) => own.map((name, second) => [name, [`${id}_a${first}`, `${id}_b${second}`]])),
    );
}

/**
 * Lists of at most `most` classes each. Those of one nearest location (`eastus>westus`) are together, and with no others:
 * as long as they have the same answer, gdnsd need not ask for their second digit.
 */
function alike(sorted: readonly string[], most: number): string[][] {
    const nearest = (name: string) => name.split(">", 1)[0]!;
    const areFew = new Set(sorted.map(nearest)).size <= 2 * most;
    const lists: string[][] = [];
    for (const name of sorted) {
        const last = lists.at(-1);
        if (last && last.length < most && (!areFew || nearest(last[0]!) === nearest(name))) last.push(name);
        else lists.push([name]);
    }
    return lists;
}

/** The fewest maps that hold these. */
export function mapsOf(divisions: Iterable<Division>): Map<string, ClientMap> {
    const maps = new Map<string, ClientMap>();
    const byId = new Map([...divisions].map((division) => [division.id, division]));
    let open: Division<ByPlace>[] = [];
    let names = MOST_NAMES;
    for (const division of byId.values()) {
        if (division.classifier.kind === "networks") {
            const networks = division as Division<ByNetwork>;
            maps.set(`networks_${division.id}`, { kind: "networks", division: networks });
            continue;
        }
        const own = new Set([...division.names.values()].flat()).size;
        if (names + own > MOST_NAMES) {
            open = [];
            names = 0;
            maps.set(`places_${maps.size}`, { kind: "places", divisions: open });
        }
        open.push(division as Division<ByPlace>);
        names += own;
    }
    return maps;
}
