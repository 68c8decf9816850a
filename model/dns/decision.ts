import type { Family } from "./subnet";

/** What a client is told: a name (CNAME), or an address (A or AAAA). */
export type Target =
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "address"; readonly family: Family; readonly address: string };

/** One endpoint, by the policies that lead to it: `["contoso", "canary"]` and `v2` of `canary`. */
export interface Chosen {
    readonly kind: "endpoint";
    /** Names of policies, from the one that was asked for to the one whose endpoint this is. */
    readonly policies: readonly string[];
    /** Absent for a policy's `fallback`. */
    readonly endpoint?: string;
    readonly target: Target;
}

/**
 * How a policy is answered right now: a tree, in normal form. Choices by client are outermost, in it random ones, in
 * them endpoints, so a nested policy is answered in one step and a resolver needs no second question.
 */
export type Decision = Nothing | Chosen | Random | Several | ByClient;

/** Nobody: NXDOMAIN for the whole name, NODATA within a choice by client. */
export interface Nothing {
    readonly kind: "nothing";
}

/** One of them, anew for every query. Weights are whole numbers ≥ 1. */
export interface Random {
    readonly kind: "random";
    readonly choices: readonly { readonly weight: number; readonly of: Chosen }[];
}

/** Up to `atMost` of them. */
export interface Several {
    readonly kind: "several";
    readonly atMost: number;
    readonly of: readonly Chosen[];
}

/** Depends on where the client is, by EDNS client subnet or its resolver's address. */
export interface ByClient {
    readonly kind: "byClient";
    readonly classifier: Classifier;
    /** By class of client. Only what is not nothing need be there. */
    readonly cases: Readonly<Record<string, Decision>>;
}

/**
 * Divides clients into classes. It depends on the configuration alone, never on health, so that policies can share one
 * and a changed health changes only which case a class has.
 */
export type Classifier = ByNetwork | ByPlace;

export interface ByNetwork {
    readonly kind: "networks";
    /** CIDR → class; the longest prefix decides. */
    readonly networks: Readonly<Record<string, string>>;
    /** The class of all others; absent: nobody's. When it is a classifier, that decides. */
    readonly otherwise?: string | ByPlace;
}

export interface ByPlace {
    readonly kind: "places";
    /** Code (place.ts) → class; the most specific that holds for the client decides. */
    readonly places: Readonly<Record<string, string>>;
    readonly otherwise?: string;
}
