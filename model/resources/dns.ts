import { z } from "zod";
import { dnsShape, type DnsConfiguration } from "../dns/configuration";
import { address } from "../dns/subnet";
import { checkDns } from "../dns/validate";
import { dockerName, ipv4, port } from "../schema/fields";
import { known, list, object, refuse, unlessEmpty } from "../schema/kit";
import { docker } from "./docker";
import { containerFields, refuseUnlessPublic, type ContainerState } from "./runtime";

/** Where the Docker host takes questions, over udp and tcp. */
export const dnsPublish = object({ address: ipv4.default("0.0.0.0"), port: port.default(53) });
export type DnsPublish = z.output<typeof dnsPublish>;

/** The container of a DNS runtime. */
export const dnsServer = object({
    ...containerFields,
    address: ipv4.optional(),
    publish: dnsPublish.optional(),
    /** Whom it asks for the host names of endpoints, in place of the Docker host's resolvers. */
    resolvers: unlessEmpty(list(address)),
    docker,
}).check((context) => refuseUnlessPublic(context, "address"));
export type DnsServerInputs = z.input<typeof dnsServer>;
export type DnsServerState = z.output<typeof dnsServer> & ContainerState & { address: string };

/** The process that configures a DNS server; its bundle is named by the hash of its content. */
export const dnsAgent = object({ server: dockerName, docker });
export type DnsAgentInputs = z.input<typeof dnsAgent>;
export type DnsAgentState = z.output<typeof dnsAgent> & { bundle: string };

/** A MaxMind database of countries: one that an npm package of the program brings, or a file. */
export const geoDatabase = object({
    package: z.string().min(1, "must name an npm package").optional(),
    /** Relative to the program's directory; with `package`, to the package's. */
    file: z.string().min(1, "must name a file").optional(),
}).check((context) => {
    if (context.value.package !== undefined || context.value.file !== undefined) return;
    refuse(context, [], "must have package or file");
});

/** Applies traffic policies to a DNS server, whole or not at all. */
export const dnsConfiguration = object({
    server: dockerName,
    ...dnsShape,
    geoDatabase: known(geoDatabase).optional(),
    docker,
}).check(checkDns);
export type DnsConfigurationInputs = z.input<typeof dnsConfiguration>;
export type DnsConfigurationState = Omit<z.output<typeof dnsConfiguration>, "geoDatabase"> & {
    geoDatabase?: (z.output<typeof geoDatabase> & { hash: string }) | undefined;
    /**
     * What the server served that this resource had not applied (a rollback), and that an update took back or is about
     * to: an input, so that a preview shows it, kept so that the one after does not.
     */
    overrides?: string | undefined;
};

/** What the server is to serve, as its agent takes it. */
export function configurationOf(state: DnsConfigurationState): DnsConfiguration {
    const { server: _server, docker: _docker, overrides: _overrides, geoDatabase, ...shape } = state;
    return { ...shape, geoDatabase: geoDatabase?.hash };
}
