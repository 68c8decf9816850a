import dns from "node:dns";

/** Where a name leads at the moment, or why that is not known. */
export type HostAnswer =
    | { readonly addresses: readonly string[] }
    /** `isAnswer`: DNS itself says that there is none. */
    | { readonly reason: string; readonly isAnswer: boolean };

export type ResolveHost = (hostName: string, timeoutSeconds: number) => Promise<HostAnswer>;

const NO_SUCH_HOST: Readonly<Record<string, string>> = {
    [dns.NOTFOUND]: "does not exist (NXDOMAIN)",
    [dns.NODATA]: "has no address",
};

/**
 * Asks the system's DNS servers anew each time, as hosts move. Not through getaddrinfo, whose few threads a silent server
 * would keep from writing the agent's files.
 * @param servers DNS servers to ask, for tests
 */
export function hostResolver(servers?: readonly string[]): ResolveHost {
    return async (hostName, timeoutSeconds) => {
        const timeout = timeoutSeconds * 1000;
        // Each has a memory of its own, which would outlive the record's TTL.
        const resolver = new dns.promises.Resolver({ timeout: Math.ceil(timeout / 2), tries: 2 });
        if (servers) resolver.setServers(servers);
        const deadline = setTimeout(() => resolver.cancel(), timeout);
        try {
            const answers = await Promise.allSettled([resolver.resolve4(hostName), resolver.resolve6(hostName)]);
            const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
            if (addresses.length > 0) return { addresses };
            const codes = answers.map((answer) => codeOf((answer as PromiseRejectedResult).reason));
            const unanswered = codes.find((code) => !(code in NO_SUCH_HOST));
            if (unanswered !== undefined)
                return { reason: `DNS does not answer for ${hostName} (${unanswered})`, isAnswer: false };
            return { reason: `${hostName} ${NO_SUCH_HOST[codes[0]!]}`, isAnswer: true };
        } finally {
            clearTimeout(deadline);
        }
    };
}

function codeOf(error: unknown): string {
    return (error as NodeJS.ErrnoException).code ?? String(error);
}
