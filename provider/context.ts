import { parseUrn } from "../model/names";
import { Claims } from "./claims";
import type { Common, Context } from "./definition";
import { refuseOther, type Engine } from "./docker/engine";
import { connect, type Host } from "./docker/host";
import { Unreachable } from "./docker/unreachable";
import { Generations } from "./generations";
import { progress } from "./progress";
import type { Properties } from "./properties";

/** Of this run. */
export const generations = new Generations();
export const claims = new Claims();

/** What was told of which resource: Pulumi asks more than once what becomes of one that follows another. */
const told = new Set<string>();

/** A line that stays, among Pulumi's diagnostics. */
export function announce(message: string | undefined, urn: string): void {
    if (message === undefined || told.has(`${urn} ${message}`)) return;
    told.add(`${urn} ${message}`);
    progress.report(urn, message, "stays");
}

/** `engine`: that which must answer, where the object is there already; `leaving`: the id of the one that is deleted. */
export function contextOf(type: string, properties: Properties, engine?: Engine, leaving?: string): Context {
    const urn = String(properties["__urn"]);
    const current = generations.current(urn);
    const yields = generations.yields(current);
    return {
        type,
        urn,
        identity: parseUrn(urn),
        isKnown: (name) => generations.isOthers(name, current),
        isDeclared: generations.isDeclared(current),
        successor: yields ? undefined : generations.successor(current, leaving),
        yields,
        host: () => hostOf(properties, engine),
        progress: (message) => progress.report(current, message),
        announce: (message) => announce(message, current),
    };
}

async function hostOf({ docker }: Common, engine: Engine | undefined): Promise<Host> {
    try {
        const host = await connect(docker);
        if (engine) refuseOther(engine, await host.engine(), host.address);
        return host;
    } catch (error) {
        throw engine && error instanceof Unreachable ? error.whereHad(engine) : error;
    }
}
