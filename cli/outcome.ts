/** What a command found out. */
export interface Outcome {
    /** For programs. */
    readonly data: unknown;
    /** For people. */
    readonly text: string;
    /** What else is to be told, beside what was asked for. */
    readonly remarks: readonly string[];
    /** Whether there is nothing that somebody should look at. */
    readonly fine: boolean;
}
