/** A Docker Engine, whichever way leads to it. */
export interface Engine {
    /** Its own; copies of a machine may share it. */
    readonly id: string;
    /** Of its machine, for people. */
    readonly name: string;
}

/** Whether two ways lead to one engine. */
export function isSame(a: Engine, b: Engine): boolean {
    return a.id === b.id && a.name === b.name;
}

const LOST = "SWITCHYARD_LOST_ENGINE";

/** Whether the user has said that the engine, and all that it had, is gone for good. */
export function isLost({ id }: Engine): boolean {
    return (process.env[LOST] ?? "").split(/[\s,]+/).includes(id);
}

/** What lets Pulumi forget what an engine had. */
export function adviceToForget({ id }: Engine): string {
    return `if that one is gone for good, set ${LOST}=${id} and run pulumi refresh`;
}

/** What it has is not what the other engine had; nothing there may be taken for gone. */
export function refuseOther(known: Engine, found: Engine, address: string): void {
    if (known.id === found.id) return;
    throw new Error(
        `Docker at ${address} is another engine (on ${found.name}) than the one on ${known.name} that has this: ` +
            `let docker or DOCKER_HOST lead there; or, ${adviceToForget(known)}`,
    );
}
