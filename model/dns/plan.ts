import type { ByNetwork, ByPlace, Classifier } from "./decision";

/** What gdnsd is to serve right now, free of its syntax. Health changes only answers and what they refer to. */
export interface DnsPlan {
    /** Of every zone's SOA; a later plan has a higher one (RFC 1982). */
    readonly serial: number;
    readonly zones: readonly Zone[];
    /** Random choices, by name. */
    readonly pools: ReadonlyMap<string, Pool>;
    /** Choices by client, by name. */
    readonly switches: ReadonlyMap<string, Switch>;
    /** How clients are divided, by name: policies that divide them alike share a division. */
    readonly maps: ReadonlyMap<string, ClientMap>;
    /** Content hash of the database that maps of places ask. */
    readonly geoDatabase?: string;
}

export interface Zone {
    readonly name: string;
    /** Full names; the first is the primary. */
    readonly nameServers: readonly string[];
    readonly hostmaster: string;
    readonly refreshSeconds: number;
    readonly retrySeconds: number;
    readonly expireSeconds: number;
    readonly negativeTtlSeconds: number;
    /** Of the zone's own records. */
    readonly ttlSeconds: number;
    readonly records: readonly ZoneRecord[];
}

export interface ZoneRecord {
    /** Below the zone. */
    readonly name: string;
    readonly ttlSeconds: number;
    readonly answer: Answer;
}

export type Answer = Addresses | Alias | Reference;

/** All of them, in any order. */
export interface Addresses {
    readonly kind: "addresses";
    readonly addresses: readonly string[];
}

/** Another name (CNAME). */
export interface Alias {
    readonly kind: "name";
    readonly name: string;
}

/** What a pool or a switch says. */
export interface Reference {
    readonly kind: "pool" | "switch";
    readonly of: string;
    /** What comes out in the end: gdnsd must know it before it asks. */
    readonly gives: "addresses" | "name";
}

export type Pool = OneOf | Some;

/** One of at most 64, by weight, anew for every query. */
export interface OneOf {
    readonly kind: "oneOf";
    readonly choices: readonly { readonly weight: number; readonly answer: Addresses | Alias }[];
}

/** `count` of the addresses of a family, others for every query. */
export interface Some {
    readonly kind: "some";
    readonly count: number;
    readonly addresses: readonly string[];
}

export interface Switch {
    /** The id of what divides the clients into classes. */
    readonly division: string;
    /** By the name of a class, or of one digit of it. Clients of other classes get no data. */
    readonly cases: ReadonlyMap<string, Answer>;
}

/** A classifier with names for its classes. */
export interface Division<C = Classifier> {
    /** Says what the classifier says: the same in every plan. */
    readonly id: string;
    readonly classifier: C;
    /**
     * Class → its name; or the names of its two digits, of which a switch chooses by one after the other: so many
     * classes need few names.
     */
    readonly names: ReadonlyMap<string, readonly string[]>;
}

/** What gdnsd loads to tell classes apart. A map of places takes its time, so divisions share it. */
export type ClientMap =
    | { readonly kind: "networks"; readonly division: Division<ByNetwork> }
    | { readonly kind: "places"; readonly divisions: readonly Division<ByPlace>[] };

/** Most names of one map: what gdnsd calls datacenters. */
export const MOST_NAMES = 254;
/** Most choices of a pool. */
export const MOST_CHOICES = 64;

/** Serves no zone: every query is refused. */
export const EMPTY_PLAN: DnsPlan = { serial: 0, zones: [], pools: new Map(), switches: new Map(), maps: new Map() };
