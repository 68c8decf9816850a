import type { z } from "zod";
import type { ResourceIdentity } from "../model/names";
import type { DockerHost } from "../model/resources/docker";
import type { Claim } from "./claims";
import type { Engine } from "./docker/engine";
import type { Host } from "./docker/host";
import type { Owner } from "./docker/labels";

/** What every resource's inputs may hold, whoever it is. */
export interface Common {
    readonly docker?: DockerHost | undefined;
    readonly name?: string;
    /** The engine that has the object, kept by the adapter; objects of old states have none. */
    readonly __engine?: Engine;
}

/**
 * One resource, as little as it takes to tell it from the others. `State` are its checked inputs, `Outputs` what only
 * the made object knows. The adapter makes Pulumi's provider methods of it.
 */
export interface Definition<Declared extends object, State extends Declared & Common, Outputs extends object = object> {
    /** The last part of its Pulumi type, and the value of the type label of the Docker objects that it makes. */
    readonly type: string;
    readonly schema: z.ZodType<Declared>;
    /** Inputs whose values no message may repeat, by name (`environment`) or path (`healthCheck.command`). */
    readonly secret?: readonly string[];
    /** Keys of `Outputs`. */
    readonly outputs: readonly (keyof Outputs & string)[];
    /** Inputs that only tell how to get at something: one that changes is kept, and is no change of the object. */
    readonly unseen?: readonly (keyof State & string)[];
    /** Inputs whose change makes a new object. */
    readonly replaceOn: readonly (keyof State & string)[];
    /** Inputs whose change may do so. */
    readonly replaceIf?: { readonly [Key in keyof State & string]?: (olds: State, news: Derived<State>) => boolean };
    /** Whether the old object must be gone before the new one can be made. */
    readonly deleteBeforeReplace?: boolean | ((olds: State, news: State) => boolean);
    /** What a replacement interrupts: one sentence, for the preview already; `replaces` are the inputs that cause it. */
    gap?(olds: State, replaces: readonly string[]): string | undefined;
    /** Whether what replaces an object that had to go first takes over its name, so that those who know it by that need not learn another. */
    readonly keepsName?: boolean;
    /** Whether an update gives an object that somebody renamed its name back. */
    readonly renames?: boolean;

    /** The inputs that follow from others: what a preview should show, or a dependent must know before anything is made. */
    derive?(inputs: Declared, context: DeriveContext<State>): Derived<State> | Promise<Derived<State>>;
    /** Name of the Docker object; equal inputs and generation give equal names. May be unknown. */
    name?(inputs: Derived<State>, context: { identity: ResourceIdentity; generation: number }): string;

    /** What no other resource of the program may want. */
    claims?(inputs: State): Claim[];
    /** Name of an object that Pulumi has forgotten (a lost state) and that still is what the inputs say. */
    forgotten?(host: Host, owner: Owner, inputs: Derived<State>): Promise<string | undefined>;
    /** Whether the object may have this name: the preview shows the name that will be made. */
    isFree?(host: Host, name: string, owner: Owner, inputs: Derived<State>): Promise<boolean>;
    /** What only the Docker host can tell is wrong, while it answers: before anything that serves is taken away. */
    refuse?(inputs: State, host: Host, owner: Owner, olds: State | undefined): Promise<string[]>;

    create(inputs: State, context: Context): Promise<Created<Outputs>>;
    /** Inputs and outputs as they really are; undefined when the object is gone. */
    read?(id: string, state: State & Outputs, context: Context): Promise<(State & Outputs) | undefined>;
    update?(id: string, olds: State & Outputs, inputs: State, context: Context): Promise<Outputs & Partial<State>>;
    delete?(id: string, state: State & Outputs, context: Context): Promise<void>;
}

/** `State` before it has its name. */
export type Derived<State> = Omit<State, "name">;

export interface DeriveContext<State> {
    readonly identity: ResourceIdentity;
    /** The one on the object's labels. */
    readonly urn: string;
    /** The inputs so far; absent for a new resource and for what replaces one. */
    readonly olds: State | undefined;
    /** Whether the new object replaces one. */
    readonly replaces: boolean;
    /** Docker as far as it answers: a preview must do without. */
    host(): Promise<Host | undefined>;
    /** A line that stays, among Pulumi's diagnostics. */
    announce(message: string): void;
}

export interface Context {
    readonly identity: ResourceIdentity;
    readonly urn: string;
    readonly type: string;
    /** Whether another resource of this run has an object of that name. */
    isKnown(name: string): boolean;
    /** Whether the program of this run declares the resource: what is deleted then is an older object of it. */
    readonly isDeclared: boolean;
    /** The inputs of what replaces an object that goes first: it may serve until then. Also while that is made. */
    readonly successor: object | undefined;
    /** Whether the object is deleted because something that it uses must go first: it may serve until then, and cannot wait. */
    readonly yields: boolean;
    /** The Docker host; throws one sentence when it does not answer. */
    host(): Promise<Host>;
    /** A passing line on the resource's own row of Pulumi's display. */
    progress(message: string): void;
    /** A line that stays, among Pulumi's diagnostics. */
    announce(message: string): void;
}

export interface Created<Outputs> {
    readonly id: string;
    /** Outputs, and inputs that turned out otherwise (a name that was taken). */
    readonly outputs: Outputs & { readonly name?: string };
    /** Whether it was there: a resource of another name may have it too, and must not take it along when it goes. */
    readonly takenOver?: boolean;
}

/** The object exists but is not what it should be: Pulumi keeps it, and the next update tries again. */
export class PartialFailure extends Error {
    constructor(
        readonly id: string,
        readonly outputs: object,
        message: string,
        cause?: unknown,
    ) {
        super(message, { cause });
    }
}
