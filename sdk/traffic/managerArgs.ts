import type * as pulumi from "@pulumi/pulumi";
import type { CloudService } from "../cloudService";
import type { DockerArgs, DockerProvider } from "../docker";
import type { ExistingNetwork } from "../existing";
import type { PublicNetwork } from "../publicNetwork";
import type { TrafficPolicy } from "../trafficPolicy";
import type { CloudServiceReference } from "./endpointArgs";

/** Where the Docker host of a DNS server takes questions, over udp and tcp. */
export interface DnsPublishArgs {
    /**
     * IPv4 address of the Docker host on which the port is open.
     *
     * @default "0.0.0.0": every address of the host, also those that others can reach
     * @example "127.0.0.1"
     */
    address?: pulumi.Input<string>;

    /**
     * The port, 1 to 65535. Resolvers ask port 53 only; another one is for trying things out.
     *
     * @default 53
     * @example 5353
     */
    port?: pulumi.Input<number>;
}

/** One of a traffic manager's DNS servers; every field may be left out. */
export interface DnsServerArgs {
    /**
     * The Docker Engine on which it runs: its address, or a `docker.Provider` of `@pulumi/docker`. Another engine
     * replaces the server.
     *
     * @default what the `docker` command would use: `DOCKER_HOST`, the current context, or the local socket
     * @example { host: "ssh://admin@east.example" }
     */
    docker?: DockerArgs | DockerProvider;

    /**
     * The network on which its address is: a `PublicNetwork`, or the name of a Docker network that exists (also as a
     * `docker.Network`). From there it reaches the endpoints that it probes. A change replaces the server.
     *
     * @default the network named `public` that the cloud services of the stack on one Docker host share
     */
    publicNetwork?: PublicNetwork | pulumi.Input<string> | ExistingNetwork;

    /**
     * Its address: one of the public network's that nobody else has. A change replaces the server.
     *
     * @default an address of the public network that follows from the name, so it stays when the server is replaced. Where
     * the names of two servers lead to the same one (about 1 pair in 60 on a `/24`), the later in the program gets the
     * next; it moves when the earlier one is added or removed, so give it the address that it has before you do so
     * @example "203.0.113.53"
     */
    address?: pulumi.Input<string>;

    /**
     * A port of the Docker host that leads to it, for clients that have no route to the public network. Docker fixes it
     * when it makes a container, so a change replaces the server, which then answers nobody for about 1.3 seconds.
     *
     * @default none
     * @example { address: "203.0.113.53" }
     */
    publish?: pulumi.Input<DnsPublishArgs>;

    /**
     * The IPv4 or IPv6 address by which resolvers elsewhere reach it, where that is none of the above: the zones' glue.
     * A change takes effect in place.
     *
     * @default the address of `publish`, unless that is every address of the host or a loopback address; else its own
     * @example "198.51.100.53"
     */
    advertisedAddress?: pulumi.Input<string>;

    /**
     * Its host name, for the zones' NS records. A change takes effect in place.
     *
     * @default its name here, under `domain`
     * @example "ns1.contoso.com"
     */
    hostName?: pulumi.Input<string>;

    /**
     * The name that it had among `servers` before it got its present one: it keeps its container, and its address if
     * it is given none, and only its NS record changes, in place. Leave it there for as long as the address is to stay;
     * without it, a server of another name is a new one beside one that goes, which a published port forbids.
     *
     * @default it never had another
     * @example servers: { primary: { formerName: "ns1", publish: { address: "203.0.113.53" } } }
     */
    formerName?: string;
}

/** What the zones say of themselves (SOA record; RFC 1035, 3.3.13). A change takes effect in place. */
export interface SoaArgs {
    /**
     * Who is responsible: a mail address, with a dot for the `@`.
     *
     * @default `hostmaster` of each zone
     * @example "dns-admin.contoso.com"
     */
    hostmaster?: pulumi.Input<string>;

    /**
     * Seconds, 1 to 268435455, after which a secondary server looks for changes.
     *
     * @default 7200
     */
    refreshSeconds?: pulumi.Input<number>;

    /**
     * Seconds, 1 to 268435455, after which it tries again.
     *
     * @default 900
     */
    retrySeconds?: pulumi.Input<number>;

    /**
     * Seconds, 1 to 268435455, after which it gives up.
     *
     * @default 1209600
     */
    expireSeconds?: pulumi.Input<number>;

    /**
     * Seconds, 0 to 86400, that resolvers keep that a name does not exist (RFC 2308): how long a policy that was disabled
     * stays so for clients after it is enabled.
     *
     * @default 30
     */
    negativeTtlSeconds?: pulumi.Input<number>;
}

/** A place on the globe. */
export interface CoordinatesArgs {
    /** Degrees north of the equator, -90 to 90. */
    latitude: pulumi.Input<number>;
    /** Degrees east of Greenwich, -180 to 180. */
    longitude: pulumi.Input<number>;
}

/** A database, in MaxMind's format (MMDB), that tells in which country addresses are: of an npm package, or a file. */
export interface GeoDatabaseArgs {
    /**
     * An npm package that brings the database, installed where the program is. A new version of it takes effect in place.
     *
     * @default `file` alone
     * @example "@ip-location-db/geo-whois-asn-country-mmdb"
     */
    package?: pulumi.Input<string>;

    /**
     * The file, relative to the program's directory; with `package`, to the package's. GeoIP2 Country and City files
     * will do, and such as hold but a country code. Changed content takes effect in place.
     *
     * @default the database of the package
     * @example "GeoLite2-City.mmdb"
     */
    file?: pulumi.Input<string>;
}

/** Which policies a `TrafficManager` serves, under which names, and where. */
export interface TrafficManagerArgs {
    /**
     * The zone of the policies: a policy's name is its prefix under it. Of the traffic managers of a domain, one can have
     * a policy. A change takes effect in place.
     *
     * @example "trafficmanager.example"
     */
    domain: pulumi.Input<string>;

    /**
     * The zone of the cloud services: each has its name under it, answered with its advertised address. Beside `domain`,
     * neither within it nor around it. A change takes effect in place.
     *
     * @default none; needed as soon as there is a cloud service
     * @example "cloudapp.example"
     */
    cloudServiceDomain?: pulumi.Input<string>;

    /**
     * The policies. Those that are endpoints of these are served too, and need not be listed. They are applied as a
     * whole: either all of the new configuration serves, or the old one still does and the update fails.
     *
     * New endpoints are asked first, for 10 seconds at most, and load balancers that the program makes before the traffic
     * manager are applied before it, so that nobody is sent to a cloud service that does not serve yet.
     */
    policies: TrafficPolicy[];

    /**
     * Cloud services that are to have their name although no policy leads to them; those of policies have theirs anyway.
     *
     * @default none
     */
    cloudServices?: (CloudService | CloudServiceReference)[];

    /**
     * A port of the Docker host that leads to the server, where there is one: short for `servers: { ns1: { publish } }`.
     *
     * @default none
     * @example { address: "127.0.0.1", port: 5353 }
     */
    publish?: pulumi.Input<DnsPublishArgs>;

    /**
     * The DNS servers by name, at least one. Each has a container, an agent that probes by itself, and the whole
     * configuration; they share nothing. An update takes one after the other, in the order in which they are written, so
     * that with two of them one always answers. One with another name is another server, which is made before the old
     * one goes: both cannot have the same `address` or `publish` the same port. To rename one, give its `formerName`.
     *
     * @default { ns1: {} }
     * @example
     * ```ts
     * servers: {
     *     ns1: { docker: { host: "ssh://admin@east.example" }, publish: { address: "203.0.113.53" } },
     *     ns2: { docker: { host: "ssh://admin@west.example" }, publish: { address: "198.51.100.53" } },
     * }
     * ```
     */
    servers?: Record<string, DnsServerArgs>;

    /**
     * What the zones say of themselves.
     *
     * @default the defaults of each field
     */
    soa?: pulumi.Input<SoaArgs>;

    /**
     * Seconds, 0 to 268435455, that resolvers keep the addresses of cloud services and name servers. A change takes
     * effect in place.
     *
     * @default 300
     */
    addressTtlSeconds?: pulumi.Input<number>;

    /**
     * For policies by `Performance`: milliseconds, 0 to 60000, from the clients of a network to locations. The
     * smallest network that holds a client decides, and locations that it does not name come last. For clients in none,
     * distance decides, where there is a `geoDatabase`; else all locations are equally near. A change takes effect in
     * place.
     *
     * @default none, distance decides
     * @example { "192.0.2.0/24": { eastus: 12, westus: 80 } }
     */
    latencies?: pulumi.Input<Record<string, pulumi.Input<Record<string, pulumi.Input<number>>>>>;

    /**
     * Locations of your own, by name, beside those of the built-in table or in place of them. A change takes effect in
     * place.
     *
     * @default none
     * @example { "rack-1": { latitude: 52.5, longitude: 13.4 } }
     */
    locations?: pulumi.Input<Record<string, pulumi.Input<CoordinatesArgs>>>;

    /**
     * The database that tells where clients are, for policies by `Geographic`, and for those by `Performance` whose
     * clients are in none of the networks of `latencies`. It is copied to every server.
     *
     * @default the npm package `@ip-location-db/geo-whois-asn-country-mmdb` (CC0), which you then install beside this one
     * (`npm install @ip-location-db/geo-whois-asn-country-mmdb`), when there is a policy by Geographic, or one by
     * Performance and no `latencies`; else none
     * @example { file: "GeoLite2-City.mmdb" }
     */
    geoDatabase?: pulumi.Input<GeoDatabaseArgs>;

    /**
     * IPv4 or IPv6 addresses of resolvers that the servers ask for the host names of endpoints, in place of those of
     * their Docker hosts. A change replaces the servers, one after the other.
     *
     * @default the Docker host's
     * @example ["9.9.9.9"]
     */
    resolvers?: pulumi.Input<pulumi.Input<string>[]>;
}
