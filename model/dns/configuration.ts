import { z } from "zod";
import { numberBetween, wholeNumber } from "../schema/fields";
import { known, list, map, object } from "../schema/kit";
import { coordinates, location } from "./location";
import { hostName } from "./names";
import { LONGEST_TTL_SECONDS, POLICY_SECRETS, trafficPolicy } from "./policy";
import { address, subnet } from "./subnet";
import { checkDns } from "./validate";

const seconds = wholeNumber(1, LONGEST_TTL_SECONDS);

/** The zones' SOA record (RFC 1035, 3.3.13), but for its serial, which counts applies. */
const soa = object({
    /** Who is responsible: a mail address written as a name. Default: `hostmaster` of the zone. */
    hostmaster: hostName.optional(),
    refreshSeconds: seconds.default(7200),
    retrySeconds: seconds.default(900),
    expireSeconds: seconds.default(1_209_600),
    /** How long resolvers keep that a name does not exist (RFC 2308, 5). */
    negativeTtlSeconds: wholeNumber(0, 86_400).default(30),
});
export type Soa = z.infer<typeof soa>;

/** A name server of the zones. */
export const nameServer = object({
    hostName,
    /** Its addresses as resolvers reach it: glue, when the name is in one of the zones. */
    addresses: list(address).default([]),
});

export const cloudServiceRecord = object({
    /** What its name is answered with, and where monitors probe. */
    addresses: list(address).min(1, "must have at least one address"),
    location: location.optional(),
});

/** All that a DNS runtime serves, resolved. */
export const dnsShape = {
    /** The zone of the policies. */
    domain: hostName,
    /** The zone of the cloud services; a sibling, because gdnsd serves no zone within another. */
    cloudServiceDomain: hostName.optional(),
    nameServers: map(nameServer),
    /** How long resolvers keep the addresses of cloud services and name servers. */
    addressTtlSeconds: wholeNumber(0, LONGEST_TTL_SECONDS).default(300),
    soa: soa.prefault({}),
    cloudServices: map(cloudServiceRecord).default({}),
    policies: map(trafficPolicy).default({}),
    /** Locations besides the built-in ones, or in place of them. */
    locations: z.record(location, known(coordinates)).default({}),
    /** Milliseconds from clients of a network to a location. Where a client is in none, distance decides. */
    latencies: z.record(subnet, known(z.record(location, known(numberBetween(0, 60_000))))).optional(),
    /** Content hash of the database that tells where addresses are; the file is in the runtime's volume. */
    geoDatabase: z.string().optional(),
};

const shape = object(dnsShape);
export type DnsConfiguration = z.infer<typeof shape>;
export const dnsConfiguration = shape.check(checkDns);

export const DNS_SECRETS = POLICY_SECRETS.map((path) => `policies.*.${path}`);
