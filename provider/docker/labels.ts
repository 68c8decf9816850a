import type { ResourceIdentity } from "../../model/names";

/** Every object that Switchyard makes says whose it is, so that what a killed run left behind can be told and swept. */
export const LABEL = {
    project: "io.switchyard.project",
    stack: "io.switchyard.stack",
    urn: "io.switchyard.urn",
    type: "io.switchyard.type",
    /** What a runtime's container was made of, as a hash. */
    plan: "io.switchyard.plan",
    /** Of a note beside an object: its name. */
    unfinished: "io.switchyard.unfinished",
} as const;

type Labels = Readonly<Record<string, string>> | undefined | null;

export interface Owner {
    readonly identity: ResourceIdentity;
    readonly urn: string;
    readonly type: string;
}

export function labelsOf({ identity, urn, type }: Owner): Record<string, string> {
    return {
        [LABEL.project]: identity.project,
        [LABEL.stack]: identity.stack,
        [LABEL.urn]: urn,
        [LABEL.type]: type,
    };
}

/** Docker's filter for everything of one stack. */
export function ofStack({ project, stack }: ResourceIdentity): { label: string[] } {
    return { label: [`${LABEL.project}=${project}`, `${LABEL.stack}=${stack}`] };
}

/** Whether the object was made by this stack. */
export function isOfStack(labels: Labels, { project, stack }: ResourceIdentity): boolean {
    return labels?.[LABEL.project] === project && labels[LABEL.stack] === stack;
}

/** Why an object cannot be taken for a resource's own. */
export function describeStranger(kind: string, name: string, host: string, labels: Labels): string {
    const project = labels?.[LABEL.project];
    const whose =
        project === undefined
            ? "was not made by Switchyard"
            : `is stack ${labels![LABEL.stack]}'s of project ${project}`;
    return `${kind} ${name} exists on ${host} and ${whose}; give the resource or the stack another name`;
}

/** Whether the object was made for this very resource. */
export function belongsTo(labels: Labels, owner: Pick<Owner, "urn">): boolean {
    return labels?.[LABEL.urn] === owner.urn;
}
