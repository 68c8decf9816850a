import type { DockerHost } from "../model/resources/docker";
import type { Claim } from "./claims";
import { claims } from "./context";

interface Choice {
    /** What the resource has; it stays. */
    readonly before: string | undefined;
    /** What it may have, best first. */
    readonly candidates: readonly string[];
    claim(candidate: string): Claim;
    /** What others have, as far as Docker tells: asked only where there is something to choose. */
    taken(): Promise<(candidate: string) => boolean>;
}

/** What a resource that is given nothing gets, and claims: the first candidate that nobody else of this run wants, nor anybody else has. */
export async function chosen(urn: string, { before, candidates, claim, taken }: Choice): Promise<string> {
    const mine = candidates.find((candidate) => candidate === before || claims.holds(urn, claim(candidate)));
    const isTaken = mine === undefined ? await taken() : () => false;
    // From here to the claim at once: others choose at the same time.
    const free = () => candidates.find((candidate) => !claims.isWanted(urn, claim(candidate)) && !isTaken(candidate));
    const choice = mine ?? free() ?? candidates[0]!;
    claims.take(urn, [claim(choice)]);
    return choice;
}

/** How a program names a Docker host: two names of one are not known to be one before anything is made. */
export function dockerOf(docker: DockerHost | undefined): string {
    return JSON.stringify(docker ?? {});
}
