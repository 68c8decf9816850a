import { describe, expect, test } from "vitest";
import { balancerConfiguration, EMPTY_CONFIGURATION } from "../../model/balancer/configuration";
import { UNKNOWN } from "../../model/schema/unknown";
import { problems } from "./support/problems";

const ssh = { protocol: "tcp", publicPort: 2201, privatePort: 22, container: "dev-web1-1" };
const http = {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    probe: { protocol: "http", path: "/healthz" },
    members: { web1: { container: "dev-web1-1", position: 0 }, web2: { container: "dev-web2-1", position: 1 } },
};
const wholeShare = { state: "running", weight: 1, adminState: "auto", priority: 1 };
const dns = { ...http, protocol: "udp", publicPort: 53, probe: { protocol: "none" } };
const sets = (loadBalancedSets: object) => problems(balancerConfiguration, { loadBalancedSets });

describe("a balancer's configuration", () => {
    test("is complete with defaults", () => {
        expect(balancerConfiguration.parse({ endpoints: { ssh }, loadBalancedSets: { http } })).toEqual({
            endpoints: { ssh },
            loadBalancedSets: {
                http: {
                    ...http,
                    allDown: "reject",
                    passiveDetection: true,
                    internal: false,
                    drainSeconds: 30,
                    distribution: "fiveTuple",
                    resetOnDown: false,
                    probe: { protocol: "http", path: "/healthz", intervalSeconds: 15, healthyThreshold: 1 },
                    members: {
                        web1: { ...http.members.web1, ...wholeShare },
                        web2: { ...http.members.web2, ...wholeShare },
                    },
                },
            },
        });
        expect(balancerConfiguration.parse({})).toEqual(EMPTY_CONFIGURATION);
    });

    test("may give a protocol and public port to one owner only", () => {
        expect(
            problems(balancerConfiguration, {
                endpoints: { ssh, debug: { ...ssh, publicPort: 80 } },
                loadBalancedSets: { http, other: { ...http, publicPort: 2201 } },
            }),
        ).toEqual([
            "loadBalancedSets.http.publicPort: tcp 80 already belongs to endpoint debug (got 80)",
            "loadBalancedSets.other.publicPort: tcp 2201 already belongs to endpoint ssh (got 2201)",
        ]);
        expect(sets({ http, again: http })).toEqual([
            "loadBalancedSets.again.publicPort: tcp 80 already belongs to load-balanced set http (got 80)",
        ]);
        const ftp = { ...http, publicPort: "70-90", privatePort: "70-90" };
        expect(sets({ http, ftp })).toEqual([
            'loadBalancedSets.ftp.publicPort: tcp 80 already belongs to load-balanced set http (got "70-90")',
        ]);
    });

    test("may use a port for tcp and for udp, and a private port as often as it likes", () => {
        expect(sets({ http, db: { ...http, internal: true }, dns: { ...dns, publicPort: 80 } })).toEqual([]);
        expect(sets({ http, dns: { ...dns, publicPort: 80 }, other: { ...http, publicPort: 81 } })).toEqual([]);
    });

    test("does not clash over ports or owners that are not known yet", () => {
        expect(
            problems(balancerConfiguration, {
                endpoints: {
                    a: { ...ssh, publicPort: UNKNOWN },
                    b: { ...ssh, publicPort: UNKNOWN },
                    c: UNKNOWN,
                    d: UNKNOWN,
                },
                loadBalancedSets: { e: UNKNOWN, f: { ...http, protocol: UNKNOWN }, http },
            }),
        ).toEqual([]);
        expect(problems(balancerConfiguration, { endpoints: UNKNOWN, loadBalancedSets: UNKNOWN })).toEqual([]);
    });

    test("asks for the port of a tcp or http probe of a udp set", () => {
        expect(sets({ dns: { ...dns, probe: { protocol: "tcp" } } })).toEqual([
            'loadBalancedSets.dns.probe: must name the port to ask, because the set is udp: { protocol: "tcp", port: … }',
        ]);
        expect(sets({ dns: { ...dns, probe: { protocol: "http" } } })).toEqual([
            'loadBalancedSets.dns.probe: must name the port to ask, because the set is udp: { protocol: "http", port: … }',
        ]);
    });

    test.each([
        { protocol: "none" },
        { protocol: "tcp", port: 8080 },
        { protocol: "http", port: UNKNOWN },
        { protocol: UNKNOWN },
        UNKNOWN,
    ])("takes %j as a udp set's probe", (probe) => {
        expect(sets({ dns: { ...dns, probe } })).toEqual([]);
    });

    test("gives each member a position of its own", () => {
        const members = {
            web1: { container: "a", position: 0 },
            web2: UNKNOWN,
            web3: { container: "c", position: UNKNOWN },
            web4: { container: "d", position: 0 },
        };
        expect(sets({ http: { ...http, members } })).toEqual([
            "loadBalancedSets.http.members.web4.position: already belongs to web1 (got 0)",
        ]);
    });

    test.each([
        [
            { members: { "web 1": { container: "-x", position: 0 } } },
            `members["web 1"].container: must start with a letter or digit and hold only letters, digits, '_', '.' and '-' (got "-x")`,
        ],
        [{ members: { web1: { container: "a" } } }, "members.web1.position: is required"],
        [
            { members: { web1: { container: "a", position: 1000 } } },
            "members.web1.position: must be between 0 and 999 (got 1000)",
        ],
        [{ members: undefined }, "members: is required"],
        [{ protocol: "sctp" }, 'protocol: must be one of "tcp", "udp" (got "sctp")'],
        [{ publicPort: 0 }, 'publicPort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 0)'],
        [
            { privatePort: 65_536 },
            'privatePort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 65536)',
        ],
        [{ allDown: "allow" }, 'allDown: must be one of "reject", "allUp" (got "allow")'],
        [{ drainSeconds: 3601 }, "drainSeconds: must be between 0 and 3600 (got 3601)"],
        [{ drainSeconds: 0.5 }, "drainSeconds: must be a whole number (got 0.5)"],
        [{ probe: { protocol: "http", path: "healthz" } }, 'probe.path: must start with "/" (got "healthz")'],
        [{ probe: undefined }, "probe: is required"],
    ])("refuses a set with %j", (change, message) => {
        expect(sets({ http: { ...http, ...change } })).toEqual([`loadBalancedSets.http.${message}`]);
    });

    test("refuses an endpoint without a machine", () => {
        const { container: _, ...nowhere } = ssh;
        expect(problems(balancerConfiguration, { endpoints: { ssh: nowhere } })).toEqual([
            "endpoints.ssh.container: is required",
        ]);
    });
});
