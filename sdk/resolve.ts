/** What an endpoint says of itself: its logical name, and settings of which a preview may not know each value yet. */
export interface ResolvableEndpoint<Value> {
    readonly name: string;
    readonly settings: Readonly<Record<string, Value>>;
}

export interface ResolvableSet<Value> extends ResolvableEndpoint<Value> {
    /** By logical name of the virtual machine. */
    readonly machines: Readonly<Record<string, Member<Value>>>;
}

interface Member<Value> {
    readonly container: Value;
    readonly state: Value;
}

export interface ResolvedConfiguration<Value> {
    readonly endpoints: Record<string, Record<string, Value>>;
    readonly loadBalancedSets: Record<string, Record<string, Value | Record<string, Member<Value>>>>;
}

/**
 * The configuration that a load balancer applies, as maps from stable names, so that a preview names what changes.
 *
 * Only names decide its shape, and they are always plain. Values pass through untouched, each with its own secretness,
 * dependencies and not being known yet: one unknown port hides nothing else from a preview.
 */
export function resolve<Value>(
    endpoints: readonly ResolvableEndpoint<Value>[],
    sets: readonly ResolvableSet<Value>[],
): ResolvedConfiguration<Value> {
    return {
        endpoints: Object.fromEntries(endpoints.map(({ name, settings }) => [name, { ...settings }])),
        loadBalancedSets: Object.fromEntries(
            sets.map(({ name, settings, machines }) => [name, { ...settings, members: { ...machines } }]),
        ),
    };
}
