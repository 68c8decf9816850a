import type { GalleryImageName } from "../../model/gallery";
import { wellKnown, type WellKnownPort } from "../wellKnown";

/**
 * What the gallery has: images that are built from Debian's packages, without a registry, each with the endpoints of
 * what it serves, to be spread into the arguments of `VirtualMachine.fromGallery`.
 *
 * @example
 * ```ts
 * switchyard.VirtualMachine.fromGallery("web1", { ...switchyard.gallery.web, cloudService: "contoso" });
 * ```
 */
export const gallery = {
    /** nginx: answers `/` with the machine's name and `/healthz` with `ok`, on port 80. */
    web: { image: "web", endpoints: { http: wellKnown.http } },
    /** Sends back what it receives, on port 7 of tcp and of udp (RFC 862). */
    echo: { image: "echo", endpoints: { tcp: port7("tcp"), udp: port7("udp") } },
    /** A plain Debian that stays up. A `command` runs under an init that passes signals on and reaps zombies. */
    debian: { image: "debian", endpoints: {} },
} as const satisfies { [Name in GalleryImageName]: { image: Name; endpoints: Record<string, WellKnownPort> } };

function port7<Protocol extends "tcp" | "udp">(protocol: Protocol): WellKnownPort<Protocol> {
    return { protocol, publicPort: 7, privatePort: 7 };
}
