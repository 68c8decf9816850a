import { isUnknown } from "../../schema/unknown";
import type { TrafficPolicy } from "../policy";
import { isKnownLocation, REGIONS } from "../regions";
import { known, knownEntries, knownPolicies, type Checked, type Problem } from "./problem";

/** Where endpoints are must be known, and so must be what tells where clients are. */
export function geographyProblems(configuration: Checked): Problem[] {
    return [
        ...locationProblems(configuration),
        ...knownPolicies(configuration).flatMap(([name, policy]) =>
            policy.method === "Performance"
                ? performanceProblems(configuration, name, policy)
                : policy.method === "Geographic"
                  ? geographicProblems(configuration, name, policy)
                  : [],
        ),
    ];
}

function locationProblems(configuration: Checked): Problem[] {
    const { locations, latencies, cloudServices } = configuration;
    if (isUnknown(locations)) return [];
    const named: [PropertyKey[], string | undefined][] = [
        ...knownEntries(cloudServices).map(([name, { location }]): [PropertyKey[], string | undefined] => [
            ["cloudServices", name, "location"],
            location,
        ]),
        ...knownPolicies(configuration).flatMap(([policy, { endpoints }]) =>
            knownEntries(endpoints).map(([name, { location }]): [PropertyKey[], string | undefined] => [
                ["policies", policy, "endpoints", name, "location"],
                location,
            ]),
        ),
        ...knownEntries(latencies ?? {}).flatMap(([network, measured]) =>
            Object.keys(measured).map((name): [PropertyKey[], string] => [["latencies", network, name], name]),
        ),
    ];
    const message = `must be one of the traffic manager's locations, or a region of Azure (${Object.keys(REGIONS).slice(0, 3).join(", ")} …)`;
    return named.flatMap(([path, location]): Problem[] =>
        location === undefined || isUnknown(location) || isKnownLocation(location, locations)
            ? []
            : [{ path, message }],
    );
}

function performanceProblems(
    { cloudServices, latencies, geoDatabase }: Checked,
    policy: string,
    { endpoints }: TrafficPolicy,
): Problem[] {
    const there = new Set<string>();
    const problems = knownEntries(endpoints).flatMap(([name, { location, cloudService }]): Problem[] => {
        if (location !== undefined) {
            there.add(location);
            return [];
        }
        if (isUnknown(cloudService) || isUnknown(cloudServices)) return [];
        const service = cloudService === undefined ? undefined : cloudServices[cloudService];
        if (isUnknown(service) || (cloudService !== undefined && service === undefined)) return [];
        if (service?.location !== undefined) {
            there.add(service.location);
            return [];
        }
        const hint = cloudService === undefined ? "" : ", or for its cloud service";
        return [
            {
                path: ["policies", policy, "endpoints", name, "location"],
                message: `is required by the method Performance${hint}`,
            },
        ];
    });
    if (there.size <= 1 || latencies !== undefined || geoDatabase !== undefined) return problems;
    const message = "needs latencies or a geoDatabase: without, nobody can say what is near a client";
    return [...problems, { path: ["policies", policy, "method"], message }];
}

function geographicProblems(
    { geoDatabase }: Checked,
    policy: string,
    { endpoints }: Extract<TrafficPolicy, { method: "Geographic" }>,
): Problem[] {
    if (geoDatabase !== undefined) return stateProblems(geoDatabase, policy, endpoints);
    const codes = knownEntries(endpoints).flatMap(([, { places }]) => known(places));
    if (codes.every((code) => code === "WORLD")) return [];
    const message = "needs a geoDatabase: without, nobody can say where a client is";
    return [{ path: ["policies", policy, "method"], message }];
}

/** What the package of countries says of itself by its name: a state would never match, and nobody would say so. */
function stateProblems(
    geoDatabase: unknown,
    policy: string,
    endpoints: Extract<TrafficPolicy, { method: "Geographic" }>["endpoints"],
): Problem[] {
    const name = (geoDatabase as { package?: unknown }).package;
    if (typeof name !== "string" || !/-country-mmdb$/.test(name)) return [];
    return knownEntries(endpoints).flatMap(([endpoint, { places }]) =>
        known(places)
            .filter((code) => /^[A-Z]{2}-/.test(code))
            .map((code) => ({
                path: ["policies", policy, "endpoints", endpoint, "places"],
                message: `must not have ${code}: ${name} knows countries only; give a geoDatabase that knows states`,
            })),
    );
}
