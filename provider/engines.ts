import { containsUnknown, isUnknown } from "../model/schema/unknown";
import type { Common } from "./definition";
import { isSame, type Engine } from "./docker/engine";
import { reach, type Host } from "./docker/host";
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
    if (address !== undefined && address === addressFor(olds)) return false;
    const now = await engineFor(news);
    const before = olds.__engine ?? (await engineFor(olds));
    return !now || !before || !isSame(before, now);
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
