import type { Decision } from "../decision";

/** An endpoint that a method may choose, and what its clients are told. */
export interface Candidate {
    readonly name: string;
    readonly decision: Decision;
}

/** A method with its arguments: decides among the endpoints that may be answered at the moment. */
export type Choose = (candidates: readonly Candidate[]) => Decision;
