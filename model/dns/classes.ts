import type { Classifier } from "./decision";

/** The class of clients whom nothing in a configuration mentions. */
export const NOBODYS = "";

const cache = new WeakMap<Classifier, readonly string[]>();

/** All that a classifier can say, each once. */
export function classesOf(classifier: Classifier): readonly string[] {
    const known = cache.get(classifier);
    if (known) return known;
    const { otherwise } = classifier;
    const named = Object.values(classifier.kind === "networks" ? classifier.networks : classifier.places);
    const others = otherwise === undefined ? [] : typeof otherwise === "string" ? [otherwise] : classesOf(otherwise);
    const classes = [...new Set([...named, ...others])];
    cache.set(classifier, classes);
    return classes;
}

/** Whether every client is of some class. */
export function isTotal({ otherwise }: Classifier): boolean {
    return typeof otherwise === "object" ? isTotal(otherwise) : otherwise !== undefined;
}
