import { containsUnknown, isUnknown } from "../model/schema/unknown";
import type { Common } from "./definition";
import { isSame, type Engine } from "./docker/engine";
import { reach, whyMissing, type Host } from "./docker/host";
import { targetOf } from "./docker/target";
import { differs } from "./properties";
import { within } from "./within";

type Missing = (message: string) => void;
const ANSWER_MS = 5_000;

/** The host on which an object is to be, as far as the program and the host can tell now. */
export async function hostFor({ docker }: Common, missing?: Missing): Promise<Host | undefined> {
    return containsUnknown(docker) ? undefined : reach(docker, missing);
}

export async function engineFor(common: Common): Promise<Engine | undefined> {
    const host = await hostFor(common);
    return host && within(ANSWER_MS, host.engine());
}

/** Another way to the same engine, or other keys for it, make no new object. Where nobody can tell, it is another. */
export async function isOtherEngine(olds: Common, news: Common): Promise<boolean> {
    const { docker } = news;
    if (!differs(olds.docker, docker)) return false;
    if (isUnknown(docker) || isUnknown(docker?.host) || isUnknown(docker?.context)) return true;
    const address = addressFor(news);
    const isOldAddress = address !== undefined && address === addressFor(olds);
    if (isOldAddress && !olds.__engine) return false;
    const now = await engineFor(news);
    // As today's environment reads the old settings; its machine may have got another name.
    if (isOldAddress) return now !== undefined && now.id !== olds.__engine!.id;
    const before = olds.__engine ?? (await engineFor(olds));
    return !now || !before || !isSame(before, now);
}

/** Whether what is checked is for another engine than the object's: they cannot be in each other's way. */
export function isElsewhere(olds: Common, news: Common): boolean {
    return differs(olds.docker, news.docker) && differs(olds.__engine, news.__engine);
}

/** Why an object cannot go to another engine: nobody answers where that is to be, and what serves would be gone first. */
export async function refuseToMove(olds: Common, news: Common): Promise<string[]> {
    if (containsUnknown(news.docker) || !(await isOtherEngine(olds, news))) return [];
    const reason = await whyMissing(news.docker);
    return reason === undefined
        ? []
        : [`docker: must lead to a Docker host that answers, before anything moves there (${reason})`];
}

/** Whether Docker knows anything of it. */
export function livesOnHost({ replaceOn }: { replaceOn: readonly string[] }): boolean {
    return replaceOn.includes("docker");
}

/** An object stays where it was made, and what an old state does not tell must not show as a change. */
export async function engineOfObject(
    definition: { replaceOn: readonly string[] },
    olds: Common | undefined,
    inputs: Common,
): Promise<Engine | undefined> {
    if (!livesOnHost(definition)) return undefined;
    return olds && !(await isOtherEngine(olds, inputs)) ? olds.__engine : engineFor(inputs);
}

function addressFor({ docker }: Common): string | undefined {
    try {
        return targetOf(docker).address;
    } catch {
        // A context or folder that is not on this machine.
        return undefined;
    }
}
