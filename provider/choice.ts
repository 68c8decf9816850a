import type { DockerHost } from "../model/resources/docker";
import type { Claim } from "./claims";
import { claims } from "./context";

interface Choice {
    /** What the resource has; it stays. */
    readonly before: string | undefined;
    /** What it may have, best first. */
    readonly candidates: readonly string[];
    claim(candidate: string): Claim;
    /** As far as Docker tells. */
    isFree(candidate: string): boolean;
}

/** What a resource that is given nothing gets, and claims: the first candidate that nobody else of this run wants, nor anybody else has. */
export function chosen(urn: string, { before, candidates, claim, isFree }: Choice): string {
    const mine = candidates.find((candidate) => candidate === before || claims.holds(urn, claim(candidate)));
    const free = () =>
        candidates.find((candidate) => !claims.isWanted(urn, claim(candidate)) && isFree(candidate)) ?? candidates[0]!;
    const choice = mine ?? free();
    claims.take(urn, [claim(choice)]);
    return choice;
}

/** How a program names a Docker host: two names of one are not known to be one before anything is made. */
export function dockerOf(docker: DockerHost | undefined): string {
    return JSON.stringify(docker ?? {});
}
