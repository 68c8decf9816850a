import { answerOf, type PolicyAnswer } from "./answers";
import type { DnsConfiguration } from "./configuration";
import type { Decision } from "./decision";
import { isWithin } from "./names";
import { mapsOf } from "./divisions";
import type { DnsPlan, Zone, ZoneRecord } from "./plan";

/** The longest name of a reference is 255 characters with `weighted!` before it. */
const LONGEST_REFERENCE = 200;

export interface CompileOptions {
    /** Counts plans. */
    readonly serial: number;
}

/**
 * What gdnsd is to serve while policies are decided so. An answer that is the same for everybody is a plain record;
 * only random and client-dependent ones cost gdnsd more. A policy that answers nobody has no record, which is NXDOMAIN,
 * or NODATA where it has another policy below it (`contoso` of `myapp.contoso`).
 */
export function compile(
    configuration: DnsConfiguration,
    decisions: ReadonlyMap<string, { readonly decision: Decision }>,
    { serial }: CompileOptions,
): DnsPlan {
    const { domain, cloudServiceDomain, cloudServices, policies, addressTtlSeconds, geoDatabase } = configuration;
    const records: ZoneRecord[] = [];
    const answers: PolicyAnswer[] = [];
    let long = 0;
    for (const [name, { prefix, ttlSeconds }] of Object.entries(policies)) {
        const decision = decisions.get(name)?.decision;
        if (!decision) continue;
        const compiled = compiledAnswer(
            prefix.length <= LONGEST_REFERENCE ? prefix : `long_${long++}`,
            decision,
            geoDatabase !== undefined,
        );
        if (!compiled.answer) continue;
        records.push({ name: prefix, ttlSeconds, answer: compiled.answer });
        answers.push(compiled);
    }
    const zones = [zone(configuration, domain, records)];
    if (cloudServiceDomain !== undefined) {
        const services = Object.entries(cloudServices).map(([name, { addresses }]) =>
            addressRecord(name.toLowerCase(), addresses, addressTtlSeconds),
        );
        zones.push(zone(configuration, cloudServiceDomain, services));
    }
    return {
        serial,
        zones,
        pools: joined(answers.map(({ pools }) => pools)),
        switches: joined(answers.map(({ switches }) => switches)),
        maps: mapsOf(answers.flatMap(({ divisions }) => divisions)),
        geoDatabase,
    };
}

/** Most decisions are those of the last plan. */
const compiled = new WeakMap<Decision, { name: string; knowsPlaces: boolean; answer: PolicyAnswer }>();

function compiledAnswer(name: string, decision: Decision, knowsPlaces: boolean): PolicyAnswer {
    const known = compiled.get(decision);
    if (known?.name === name && known.knowsPlaces === knowsPlaces) return known.answer;
    const answer = answerOf(name, decision, knowsPlaces);
    compiled.set(decision, { name, knowsPlaces, answer });
    return answer;
}

function joined<Value>(maps: readonly ReadonlyMap<string, Value>[]): Map<string, Value> {
    return new Map(maps.flatMap((map) => [...map]));
}

function zone(configuration: DnsConfiguration, name: string, records: readonly ZoneRecord[]): Zone {
    const { soa, addressTtlSeconds } = configuration;
    const nameServers = Object.values(configuration.nameServers);
    const taken = new Set(records.map((record) => record.name));
    const glue = nameServers
        .filter(({ hostName, addresses }) => isWithin(hostName, name) && hostName !== name && addresses.length > 0)
        .map(({ hostName, addresses }) =>
            addressRecord(hostName.slice(0, -name.length - 1), addresses, addressTtlSeconds),
        )
        .filter((record) => !taken.has(record.name));
    return {
        name,
        nameServers: nameServers.map(({ hostName }) => hostName),
        hostmaster: soa.hostmaster ?? `hostmaster.${name}`,
        refreshSeconds: soa.refreshSeconds,
        retrySeconds: soa.retrySeconds,
        expireSeconds: soa.expireSeconds,
        negativeTtlSeconds: soa.negativeTtlSeconds,
        ttlSeconds: addressTtlSeconds,
        records: [...glue, ...records],
    };
}

function addressRecord(name: string, addresses: readonly string[], ttlSeconds: number): ZoneRecord {
    return { name, ttlSeconds, answer: { kind: "addresses", addresses } };
}
