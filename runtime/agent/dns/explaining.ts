import { explain } from "../../../model/dns/explain";
import type { Explanation } from "../../../model/dns/explanation";
import type { GeoFiles } from "./geo-files";
import { policyReports } from "./report";
import type { Serving } from "./serving";

/** Why a client is answered as it is now; undefined when there is no such policy. */
export async function explainServing(
    serving: Serving,
    geoFiles: GeoFiles,
    policy: string,
    client: string,
): Promise<Explanation | undefined> {
    const placeOf = await geoFiles.placeOf(serving.applied.configuration?.geoDatabase);
    // All of one moment: another configuration may have begun to serve while the database was being opened.
    const { healths, decider, applied } = serving;
    const { configuration } = applied;
    if (configuration === null || !Object.hasOwn(configuration.policies, policy)) return undefined;
    return explain(configuration, { healths, decider, reports: policyReports(serving) }, policy, client, placeOf);
}
