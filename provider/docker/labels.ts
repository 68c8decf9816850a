import type { ResourceIdentity } from "../../model/names";

/** Every object that Switchyard makes says whose it is, so that what a killed run left behind can be told and swept. */
export const LABEL = {
    project: "io.switchyard.project",
    stack: "io.switchyard.stack",
    urn: "io.switchyard.urn",
    type: "io.switchyard.type",
} as const;

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

/** Whether the object was made for this very resource. */
export function belongsTo(labels: Readonly<Record<string, string>> | undefined | null, owner: Owner): boolean {
    return labels?.[LABEL.urn] === owner.urn;
}
