/** What Pulumi knows a resource by. */
export interface ResourceIdentity {
    readonly stack: string;
    readonly project: string;
    readonly name: string;
}

/** `urn:pulumi:stack::project::parent$type::name`; only the name may hold `::`. */
export function parseUrn(urn: string): ResourceIdentity {
    const [prefix, project, , ...name] = urn.split("::");
    const stack = prefix?.replace(/^urn:pulumi:/, "");
    if (!urn.startsWith("urn:pulumi:") || !stack || !project || name.length === 0)
        throw new Error(`not a Pulumi URN: ${urn}`);
    return { stack, project, name: name.join("::") };
}

/** Entries in an order that is the same on every machine. */
export function byName<T>(map: Readonly<Record<string, T>>): [string, T][] {
    return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A part of a Docker object's name: other characters become dashes. */
export function dockerNamePart(text: string): string {
    return text.replace(/[^a-zA-Z0-9_.-]+/g, "-").replace(/^[^a-zA-Z0-9]+|-+$/g, "") || "x";
}

/** `<stack>-<logical name>-<generation>`: what previews show is what is made, and a replacement can exist beside what it replaces. */
export function objectName(identity: ResourceIdentity, generation: number): string {
    return `${objectBaseName(identity)}-${generation}`;
}

/** `<stack>-<logical name>`, for objects of which only one exists at a time. */
export function objectBaseName(identity: ResourceIdentity): string {
    return `${dockerNamePart(identity.stack)}-${dockerNamePart(identity.name)}`;
}

/** The generation in an object's name; 0 when it has none. */
export function generationOf(name: string): number {
    return Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
}
