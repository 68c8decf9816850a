import { dnsConfiguration, type DnsConfiguration } from "../../model/dns/configuration";
import { configurationOf, type DnsConfigurationState } from "../../model/resources/dns";
import { agentOf } from "../control/agents";
import { DNS } from "../control/runtimes";
import type { Host } from "../docker/host";
import { differs, withoutHidden } from "../properties";
import { within } from "../within";

const ANSWER_MS = 3_000;

/**
 * What the server serves that Pulumi did not apply. Nothing that is made of `olds` alone can show that in a preview, so
 * this becomes an input: it changes when there is something to take back, and then stays, so that nothing shows twice.
 */
export async function overridden(olds: DnsConfigurationState, host: Host): Promise<string | undefined> {
    // A server that does not answer now has no say in a preview.
    const applied = await within(ANSWER_MS, agentOf(host, DNS, olds.server).configuration());
    if (applied === undefined || !differs(canonical(olds), applied.configuration)) return olds.overrides;
    return applied.configuration === null
        ? "nothing is served"
        : `revision ${applied.revision}, which Pulumi did not apply`;
}

/** As the agent's answer is read: another version of the package may have written the state. */
function canonical(state: DnsConfigurationState): DnsConfiguration {
    const configuration = configurationOf(withoutHidden(state) as DnsConfigurationState);
    const parsed = dnsConfiguration.safeParse(configuration);
    return parsed.success ? parsed.data : configuration;
}
