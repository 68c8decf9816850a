import { SHORTEST_HASH } from "../../model/control";
import type { Applies } from "./applies";
import { runApply } from "./control-routes";
import { Refusal, reply, type Routes } from "./control-server";
import type { EventLog } from "./events";
import type { Revisions } from "./revisions";

export interface RevisionParts<Configuration, Request extends { basedOn: number }> {
    readonly revisions: Revisions<Configuration>;
    readonly applies: Applies<Request>;
    readonly events: EventLog;
    /** Number of the one that serves. */
    readonly serving: () => number;
    /** To apply this one again. */
    readonly request: (configuration: Configuration) => Request;
}

/** What was applied, and the way back. */
export function revisionRoutes<Configuration, Request extends { basedOn: number }>(
    parts: RevisionParts<Configuration, Request>,
): Routes {
    const { revisions, applies, events, serving, request } = parts;
    return {
        "GET /v1/revisions": ({ response }) => {
            const list = [...revisions.list()].reverse();
            reply(
                response,
                200,
                list.map(({ needs: _, ...entry }) => ({ ...entry, serves: entry.revision === serving() })),
            );
        },
        "POST /v1/revisions/{hash}/rollback": async ({ response, parameters: [given = ""] }) => {
            if (given.length < SHORTEST_HASH)
                throw new Refusal(400, [
                    `${given} is too short for a hash: give at least ${SHORTEST_HASH} characters of it`,
                ]);
            const found = revisions.startingWith(given.toLowerCase());
            const [revision] = found;
            if (!revision) throw new Refusal(404, [`no revision is kept whose hash begins with ${given}`]);
            const hashes = [...new Set(found.map(({ hash }) => hash))];
            if (hashes.length > 1) throw new Refusal(409, [`${given} is short for ${hashes.join(" and ")}`]);
            if (found.some((entry) => entry.revision === serving()))
                throw new Refusal(409, [`revision ${serving()} (${revision.hash}) serves already`]);
            const configuration = await revisions.configuration(revision);
            if (configuration === undefined)
                throw new Refusal(409, [`revision ${revision.revision} (${revision.hash}) cannot be read any more`]);
            events.add("rollback", `to revision ${revision.revision} (${revision.hash})`);
            await runApply(response, applies, request(configuration));
        },
    };
}
