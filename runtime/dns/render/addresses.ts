import type { Switch } from "../../../model/dns/plan";

/**
 * The addresses that switches lead to, each a resource of its own. For an address in a switch gdnsd would make a
 * resource every time, and it finds one by going through all of its plugin's: with thousands of policies that took most
 * of a replacement's time. So each is there once, in one of two plugins, called as it is.
 */
const PLUGINS = ["static", "multifo"] as const;

export function referenceTo(address: string): string {
    return `%${pluginOf(address)}!${address}`;
}

/** Both plugins, with the addresses that these lead to. */
export function renderAddresses(switches: Iterable<Switch>): string {
    const addresses = new Set<string>();
    for (const { cases } of switches)
        for (const answer of cases.values())
            if (answer.kind === "addresses" && answer.addresses.length === 1) addresses.add(answer.addresses[0]!);
    const own = { static: "", multifo: "" };
    for (const address of addresses) own[pluginOf(address)] += `    ${address} => ${address}\n`;
    return (
        (own.static && `  static => {\n${own.static}  }\n`) +
        (own.multifo && `  multifo => {\n    service_types => []\n${own.multifo}  }\n`)
    );
}

function pluginOf(address: string): (typeof PLUGINS)[number] {
    return PLUGINS[address.charCodeAt(address.length - 1) % PLUGINS.length]!;
}
