import type { Common, Definition } from "./definition";
import { isOtherEngine } from "./engines";
import { differs, withoutHidden } from "./properties";

/** The inputs whose change makes a new object. */
export async function replacing<Declared extends object, State extends Declared & Common, Outputs extends object>(
    { replaceOn, replaceIf = {} }: Definition<Declared, State, Outputs>,
    olds: State,
    news: object,
): Promise<string[]> {
    const after = news as State;
    const conditional = Object.entries(replaceIf) as [keyof State & string, (olds: State, news: State) => boolean][];
    const isOther = replaceOn.includes("docker") && (await isOtherEngine(olds, after));
    return [
        ...replaceOn.filter((key) => (key === "docker" ? isOther : differs(olds[key], after[key]))),
        ...conditional.filter(([, replaces]) => replaces(olds, after)).map(([key]) => key),
    ];
}

/** Whether the old object must be gone before a new one can be made. */
export function goesFirst<Declared extends object, State extends Declared & Common, Outputs extends object>(
    { deleteBeforeReplace: first = false }: Definition<Declared, State, Outputs>,
    olds: State,
    news: State,
): boolean {
    return typeof first === "boolean" ? first : first(olds, news);
}

/** Whether nothing changes but inputs that a preview is not to show. */
export function onlyUnseen(
    { unseen = [], outputs }: { unseen?: readonly string[]; outputs: readonly string[] },
    olds: object,
    news: object,
): boolean {
    const [before, after] = [withoutHidden(olds), withoutHidden(news)];
    const isChanged = (key: string) => differs(before[key], after[key]);
    const seen = Object.keys({ ...before, ...after }).filter((key) => ![...unseen, ...outputs].includes(key));
    return unseen.some(isChanged) && !seen.some(isChanged);
}
