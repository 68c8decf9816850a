import type { Credentials } from "./credentials";

/** Docker's words for a registry that wants to know who asks, or does not like who does. */
const REFUSED =
    /no basic auth credentials|unauthorized|authentication required|access denied|\bdenied\b|forbidden|incorrect username/i;
const ABSENT = /manifest unknown|not found|name unknown|does not exist/i;
const IN_PLAIN = /server gave HTTP response to HTTPS client/i;

/** Why a registry does not give an image, in one sentence that says what to look at. */
export function whyNotGiven(reason: string, registry: string, { told }: Credentials): string {
    // Docker cannot tell a private repository from none.
    if (/repository does not exist or may require/i.test(reason))
        return `${registry} has no such image, or not for whoever asks (it was ${told})`;
    if (ABSENT.test(reason)) return `${registry} has no such image (${reason})`;
    if (REFUSED.test(reason)) return `${registry} refuses (${reason}); it was ${told}`;
    if (IN_PLAIN.test(reason))
        return `${registry} speaks no https: if that is right, name it in insecure-registries of the Docker host's daemon.json`;
    return reason;
}
