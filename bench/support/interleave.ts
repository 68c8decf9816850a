/** One way of doing what is compared. Each run starts from the same state, which `after` leaves, outside the clock. */
export interface Contestant<Result> {
    readonly name: string;
    run(): Promise<Result>;
    after?(): Promise<void>;
}

/** A B C A B C …: what else the machine does meanwhile falls on all of them alike. */
export async function interleave<Result>(
    contestants: readonly Contestant<Result>[],
    rounds: number,
    say: (step: string) => void,
): Promise<Map<string, Result[]>> {
    const results = new Map<string, Result[]>(contestants.map(({ name }) => [name, []]));
    for (let round = 1; round <= rounds; round++) {
        for (const { name, run, after } of contestants) {
            say(`${name}, ${round} of ${rounds}`);
            results.get(name)!.push(await run());
            await after?.();
        }
    }
    return results;
}
