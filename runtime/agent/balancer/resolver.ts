import dns from "node:dns";
import net from "node:net";
import { contains } from "../../../model/network/addresses";

/**
 * - `address`: a machine of that name runs there
 * - `none`: no machine of that name runs
 * - `failed`: nobody answered, which says nothing about the machine
 */
export type Answer =
    | { readonly kind: "address"; readonly address: string }
    | { readonly kind: "none" }
    | { readonly kind: "failed"; readonly reason: string };

export type Resolve = (name: string) => Promise<Answer>;

const TIMEOUT_MS = 500;
const TRIES = 2;

/** Docker passes names on that it does not know; whoever fails then knows none either. */
const NO_SUCH_NAME = new Set<string>([dns.NOTFOUND, dns.NODATA, dns.SERVFAIL, dns.REFUSED]);

/**
 * Finds machines by name through Docker's DNS. An address is itself.
 * @param ownName a name that Docker knows
 * @param servers DNS servers to ask, for tests
 */
export function dockerResolver(privateSubnet: string, ownName: string, servers?: readonly string[]): Resolve {
    async function lookUp(name: string): Promise<Answer> {
        try {
            // A new one each time: resolvers remember answers for the 600 s that Docker gives them, and machines move.
            const resolver = new dns.promises.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
            if (servers) resolver.setServers(servers);
            const addresses = await resolver.resolve4(name);
            // Elsewhere it is somebody else: a host that the DNS beyond Docker's knows.
            const address = addresses.find((found) => contains(privateSubnet, found));
            return address === undefined ? { kind: "none" } : { kind: "address", address };
        } catch (error) {
            const { code = "" } = error as NodeJS.ErrnoException;
            return NO_SUCH_NAME.has(code) ? { kind: "none" } : { kind: "failed", reason: code || String(error) };
        }
    }

    return async (name) => {
        if (net.isIPv4(name)) return { kind: "address", address: name };
        const answer = await lookUp(name);
        if (answer.kind !== "failed") return answer;
        // Either Docker is silent, or those to whom it passes unknown names are: it answers at once for one it knows.
        const [again, own] = await Promise.all([lookUp(name), lookUp(ownName)]);
        return again.kind === "failed" && own.kind === "address" ? { kind: "none" } : again;
    };
}
