import { describe, expect, test } from "vitest";
import type { EndpointHealth } from "../../model/dns/observation";
import type { EndpointStatus, PolicyStatus } from "../../model/dns/status";
import { endpointStatusOf, policyStatusOf } from "../../model/dns/statuses";

const endpoint = { enabled: true, alwaysServe: false };

describe("the status of an endpoint", () => {
    test.each<[boolean, object, EndpointHealth | undefined, EndpointStatus]>([
        [false, {}, "online", "Inactive"],
        [false, {}, "degraded", "Inactive"],
        [false, { alwaysServe: true }, undefined, "Inactive"],
        [false, { enabled: false }, "online", "Disabled"],
        [true, { enabled: false }, "online", "Disabled"],
        [true, { enabled: false, alwaysServe: true }, undefined, "Disabled"],
        [true, {}, "online", "Online"],
        [true, {}, "degraded", "Degraded"],
        [true, {}, "checking", "CheckingEndpoint"],
        [true, {}, undefined, "CheckingEndpoint"],
        [true, { alwaysServe: true }, "degraded", "Online"],
        [true, { alwaysServe: true }, undefined, "Online"],
    ])("policy enabled: %s, %o, %s → %s", (policyEnabled, settings, health, expected) => {
        expect(endpointStatusOf(policyEnabled, { ...endpoint, ...settings }, health, undefined)).toBe(expected);
    });
});

const STATUSES = ["Online", "Degraded", "CheckingEndpoint", "Disabled", "Stopped", "Inactive"] as const;

/** Every list of up to three statuses. */
const LISTS: EndpointStatus[][] = [0, 1, 2].reduce<EndpointStatus[][]>(
    (lists) => [[], ...lists.flatMap((list) => STATUSES.map((status) => [status, ...list]))],
    [[]],
);

describe("the status of a policy", () => {
    test.each<[boolean, EndpointStatus[], PolicyStatus]>([
        [false, ["Inactive", "Disabled"], "Disabled"],
        [true, ["Online", "Degraded", "CheckingEndpoint"], "Degraded"],
        [true, ["Degraded", "Disabled"], "Degraded"],
        [true, ["Online", "CheckingEndpoint"], "Online"],
        [true, ["Online", "Stopped"], "Online"],
        [true, ["CheckingEndpoint", "Disabled"], "CheckingEndpoints"],
        [true, ["Disabled", "Stopped"], "Inactive"],
        [true, [], "Inactive"],
    ])("enabled: %s, %j → %s", (enabled, statuses, expected) => {
        expect(policyStatusOf(enabled, statuses)).toBe(expected);
    });

    test("does not depend on the order, and says Inactive exactly where nobody can be answered", () => {
        expect(LISTS).toHaveLength(1 + 6 + 36 + 216);
        for (const list of LISTS) {
            const status = policyStatusOf(true, list);
            expect(policyStatusOf(true, [...list].reverse())).toBe(status);
            expect(policyStatusOf(false, list)).toBe("Disabled");
            const answerable = list.some((one) => ["Online", "CheckingEndpoint", "Degraded"].includes(one));
            expect(status === "Inactive").toBe(!answerable);
        }
    });
});

describe("the status of an endpoint that is a policy", () => {
    const child = (status: PolicyStatus, ...statuses: EndpointStatus[]) => ({
        status,
        endpoints: new Map(statuses.map((status, index) => [`e${index}`, status])),
    });
    test.each<[ReturnType<typeof child>, number | undefined, EndpointStatus]>([
        [child("Disabled", "Inactive", "Inactive"), undefined, "Stopped"],
        [child("Inactive", "Disabled"), undefined, "Stopped"],
        [child("Online", "Online"), undefined, "Online"],
        [child("Degraded", "Online", "Degraded"), undefined, "Online"],
        [child("Degraded", "Online", "Degraded"), 2, "Degraded"],
        [child("Online", "Online", "CheckingEndpoint"), 2, "CheckingEndpoint"],
        [child("CheckingEndpoints", "CheckingEndpoint"), undefined, "CheckingEndpoint"],
        [child("Degraded", "Degraded", "CheckingEndpoint"), undefined, "CheckingEndpoint"],
        [child("Degraded", "Degraded", "Degraded"), undefined, "Degraded"],
        [child("Online", "Online", "Disabled"), 2, "Degraded"],
        [child("Online", "Online", "Stopped", "CheckingEndpoint"), 3, "Degraded"],
    ])("%o, at least %s → %s", (state, minChildEndpoints, expected) => {
        expect(endpointStatusOf(true, { ...endpoint, minChildEndpoints }, undefined, state)).toBe(expected);
        expect(endpointStatusOf(false, { ...endpoint, minChildEndpoints }, undefined, state)).toBe("Inactive");
        expect(endpointStatusOf(true, { ...endpoint, enabled: false }, undefined, state)).toBe("Disabled");
    });

    test("is never better than what its endpoints allow, whoever they are", () => {
        for (const list of LISTS)
            for (const least of [1, 2, 3]) {
                const state = child(policyStatusOf(true, list), ...list);
                const online = list.filter((status) => status === "Online").length;
                const checking = list.filter((status) => status === "CheckingEndpoint").length;
                const status = endpointStatusOf(true, { ...endpoint, minChildEndpoints: least }, undefined, state);
                expect(status === "Online").toBe(online >= least);
                expect(status === "CheckingEndpoint").toBe(online < least && online + checking >= least);
                expect(status === "Stopped").toBe(state.status === "Inactive");
            }
    });
});
