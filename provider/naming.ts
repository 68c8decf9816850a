import { generationOf } from "../model/names";

/** The name itself or, while somebody has it, the same with the next number. */
export async function nextFreeName(
    name: string,
    isTaken: (candidate: string) => boolean | Promise<boolean>,
): Promise<string> {
    let candidate = name;
    while (await isTaken(candidate)) candidate = nextName(candidate);
    return candidate;
}

/** `dev-web1-2` after `dev-web1-1`. */
export function nextName(name: string): string {
    const generation = generationOf(name);
    const base = generation === 0 ? name : name.slice(0, name.lastIndexOf("-"));
    return `${base}-${generation + 1}`;
}
