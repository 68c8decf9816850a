import type { Common, Definition } from "./definition";
import { isOtherEngine } from "./engines";
import { differs } from "./properties";

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
