import { isUnknown } from "../model/schema/unknown";
import type { Common, Definition } from "./definition";
import { addressOf } from "./docker/address";
import { differs } from "./properties";

/** The inputs whose change makes a new object. */
export function replacing<Declared extends object, State extends Declared & Common, Outputs extends object>(
    { replaceOn, replaceIf = {} }: Definition<Declared, State, Outputs>,
    olds: State,
    news: object,
): string[] {
    const after = news as State;
    const conditional = Object.entries(replaceIf) as [keyof State & string, (olds: State, news: State) => boolean][];
    return [
        ...replaceOn.filter((key) =>
            key === "docker" ? isOtherHost(olds.docker, after.docker) : differs(olds[key], after[key]),
        ),
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

/** One host may have two names: the program's, and what is meant where it says none. */
function isOtherHost(old: Common["docker"], now: Common["docker"]): boolean {
    return isUnknown(now?.host) || addressOf(old?.host) !== addressOf(now?.host);
}
