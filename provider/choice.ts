import type { DockerHost } from "../model/resources/docker";
import type { Earlier } from "../model/resources/earlier";
import type { Claim } from "./claims";
import { claims } from "./context";

/** What somebody has already, by whose name. */
export interface Had {
    readonly by: string;
    readonly value: string;
}

interface Choice {
    /** What the resource has; it stays. */
    readonly before: string | undefined;
    readonly name: string;
    /** Those that the program declares before it, which choose before it. */
    readonly earlier: readonly Earlier[];
    /** What the one of that name may have, best first. */
    candidates(name: string): readonly string[];
    claim(candidate: string): Claim;
    /** As far as Docker tells: asked only where there is something to choose. */
    had(): Promise<readonly Had[]>;
}

/** What a resource that is given nothing gets, and claims: the first candidate that nobody before it gets, nor anybody else has. */
export async function chosen(urn: string, choice: Choice): Promise<string> {
    const { before, name, candidates, claim, had } = choice;
    const mine = candidates(name).find((value) => value === before || claims.holds(urn, claim(value)));
    const value = mine ?? inTurn(choice, await had());
    claims.take(urn, [claim(value)]);
    return value;
}

/**
 * Everybody's choice in the order of the program, whichever is asked first: an update asks in another order than the
 * preview before it, and finds those made that it came to before.
 */
function inTurn({ name, earlier, candidates, claim }: Choice, had: readonly Had[]): string {
    const taken = had.filter(({ by }) => by !== name).map(({ value }) => value);
    const isTaken = (value: string) => {
        const { clashes = (other: string) => other === value } = claim(value);
        return taken.some(clashes);
    };
    const choose = (who: string): string => {
        const options = candidates(who);
        const own = had.find(({ by, value }) => by === who && options.includes(value))?.value;
        return own ?? options.find((option) => !isTaken(option)) ?? options[0]!;
    };
    for (const { name: who, given } of earlier) taken.push(given ?? choose(who));
    return choose(name);
}

/** How a program names a Docker host: two names of one are not known to be one before anything is made. */
export function dockerOf(docker: DockerHost | undefined): string {
    return JSON.stringify(docker ?? {});
}
