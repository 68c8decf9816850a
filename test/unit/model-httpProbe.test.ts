import { describe, expect, test } from "vitest";
import { bodyMatch, bodyMatches, LONGEST_BODY_READ } from "../../model/health/bodyMatch";
import { PROBE_SECRETS, probe, probeTiming, serverNameOf, type HttpsProbe } from "../../model/health/probe";
import { includesStatus, statusRanges } from "../../model/health/statusRanges";
import { verifies } from "../../model/health/tlsProbe";
import { UNKNOWN } from "../../model/schema/unknown";
import { CERTIFICATE, KEY } from "./support/pem";
import { problems } from "./support/problems";

const http = (settings: object) => problems(probe, { protocol: "http", ...settings });
const https = (settings: object) => problems(probe, { protocol: "https", ...settings });

describe("expected statuses", () => {
    test.each([
        [[200], [200]],
        [["204"], [204]],
        [
            [304, "200-299"],
            ["200-299", 304],
        ],
        [["200-200"], [200]],
        [["250-260", "200-250", 255], ["200-260"]],
        [["200-299", "300-399"], ["200-399"]],
        [[201, 200], ["200-201"]],
        [["200-599"], ["200-599"]],
        [
            [200, UNKNOWN, "204"],
            [200, UNKNOWN, "204"],
        ],
    ])("given %j, are %j", (given, expected) => {
        expect(statusRanges.parse(given)).toEqual(expected);
        expect(statusRanges.parse(expected)).toEqual(expected);
    });

    const allowed = 'must be a status from 200 to 599, or a range such as "200-299"';
    test.each([
        [[], "must have at least one status"],
        [[199], `[0]: ${allowed} (got 199)`],
        [[200, 600], `[1]: ${allowed} (got 600)`],
        [["299-200"], `[0]: ${allowed} (got "299-200")`],
        [["2xx"], `[0]: ${allowed} (got "2xx")`],
        [["200-"], `[0]: ${allowed} (got "200-")`],
        [["200 - 299"], `[0]: ${allowed} (got "200 - 299")`],
        [[200.5], "[0]: must be a whole number or a string (got 200.5)"],
        [[null], "[0]: must be a number or a string (got null)"],
        [200, "must be a list"],
    ])("given %j, are refused", (given, message) => {
        expect(problems(statusRanges, given)).toEqual([message]);
    });

    test("include what lies in one of them", () => {
        const included = [200, 250, 299, 304].map((status) => includesStatus(["200-299", 304], status));
        expect(included).toEqual([true, true, true, true]);
        expect([199, 300, 303, 305].some((status) => includesStatus(["200-299", 304], status))).toBe(false);
    });
});

describe("headers", () => {
    test("stay as they are written, because Pulumi keeps secrets by their names", () => {
        const headers = { Host: "www.contoso.com:8443", "x-token": "a b\tc", Empty: "" };
        expect(probe.parse({ protocol: "http", headers })).toMatchObject({ headers });
    });

    test.each([
        [{ "X Y": "1" }, 'headers["X Y"]: must be named with letters, digits and the characters !#$%&\'*+-.^_`|~'],
        [{ "": "1" }, 'headers[""]: must be named with letters, digits and the characters !#$%&\'*+-.^_`|~'],
        [{ "X:": "1" }, 'headers["X:"]: must be named with letters, digits and the characters !#$%&\'*+-.^_`|~'],
        [{ Host: "a", host: "b" }, "headers.host: is the same header as Host"],
        [{ "Content-Length": "5" }, 'headers["Content-Length"]: is a header that the probe itself decides on'],
        [{ connection: "keep-alive" }, "headers.connection: is a header that the probe itself decides on"],
        [{ A: "1\r\nB: 2" }, "headers.A: must hold only printable ASCII characters, without spaces at its ends"],
        [{ A: " 1" }, "headers.A: must hold only printable ASCII characters, without spaces at its ends"],
        [{ A: "é" }, "headers.A: must hold only printable ASCII characters, without spaces at its ends"],
        [{ A: 1 }, "headers.A: must be a string"],
        [["Authorization: hush"], "headers: must be a map of properties"],
    ])("given %j, are refused, and their values not repeated", (headers, message) => {
        expect(problems(probe, { protocol: "http", headers }, PROBE_SECRETS)).toEqual([message]);
    });
});

describe("what a body must hold", () => {
    test.each([
        [{ contains: "ready" }, "all ready", true],
        [{ contains: "ready" }, "all Ready", false],
        [{ contains: ".*" }, "anything", false],
        [{ matches: "^ok$" }, "ok", true],
        [{ matches: "^ok$" }, "ok\n", false],
        [{ matches: "(?i)READY" }, "all ready", true],
        [{ matches: '"status":\\s*"(up|degraded)"' }, '{"status": "degraded"}', true],
        [{ matches: "^a.b$" }, "a\nb", false],
        [{ matches: "(?s)^a.b$" }, "a\nb", true],
        [{ matches: "^.$" }, "é", true],
    ])("given %j, is in %j: %s", (match, body, expected) => {
        const parsed = bodyMatch.parse(match);
        expect(bodyMatches(parsed, body)).toBe(expected);
        // The second time with the same compiled expression.
        expect(bodyMatches(parsed, body)).toBe(expected);
    });

    const syntax = "body.matches: must be a regular expression in RE2's syntax";
    test.each([
        [{}, "body: must have either contains or matches"],
        [{ contains: "a", matches: "b" }, "body: must have either contains or matches"],
        [{ contains: "" }, 'body.contains: must not be empty (got "")'],
        [{ matches: "" }, 'body.matches: must not be empty (got "")'],
        [{ matches: "(ok" }, `${syntax} (missing closing ): \`(ok\`) (got "(ok")`],
        [{ matches: "(?=ok)" }, `${syntax} (invalid or unsupported Perl syntax: \`(?=\`) (got "(?=ok)")`],
        [{ matches: "(a)\\1" }, `${syntax} (invalid escape sequence: \`\\1\`) (got "(a)\\\\1")`],
        [{ matches: "a{1001}" }, `${syntax} (invalid repeat count: \`{1001}\`) (got "a{1001}")`],
        [
            { matches: "a[ab]{900}b" },
            'body.matches: must be simpler (it compiles to 904 steps, of at most 256) (got "a[ab]{900}b")',
        ],
        [{ equals: "ok" }, 'body: has unknown property "equals" (allowed: contains, matches)'],
        ["ok", 'body: must be a map of properties (got "ok")'],
    ])("given %j, is refused", (body, ...messages) => {
        const found = http({ body });
        expect(found).toContain(messages[0]);
    });

    test("given a text of more than 1000 characters, is refused", () => {
        for (const field of ["contains", "matches"])
            expect(http({ body: { [field]: "x".repeat(1001) } })[0]).toMatch(
                new RegExp(`^body.${field}: must have at most 1000 characters \\(got "x+…\\)$`),
            );
    });

    test("costs little time for any expression and body that is allowed", () => {
        const worst = bodyMatch.parse({ matches: "[ab]*a[ab]{240}[cd]" });
        // Of all bodies, those that begin to match everywhere and in ever new ways are the slowest.
        let seed = 1;
        const body = Array.from(
            { length: LONGEST_BODY_READ },
            () => "ab"[(seed = (seed * 16807) % 2147483647) % 2],
        ).join("");
        const begin = performance.now();
        expect(bodyMatches(worst, body)).toBe(false);
        expect(performance.now() - begin).toBeLessThan(3_000);
        // A backtracking engine would need ages for this one.
        expect(bodyMatches(bodyMatch.parse({ matches: "^(a+)+$" }), `${"a".repeat(10_000)}!`)).toBe(false);
    });
});

describe("an https probe", () => {
    test.each([
        [{}],
        [{ verify: true, serverName: "www.contoso.com", ca: CERTIFICATE }],
        [{ ca: `\n${CERTIFICATE}\n${CERTIFICATE}` }],
        [{ clientCertificate: CERTIFICATE, clientKey: KEY }],
        [{ clientCertificate: CERTIFICATE, clientKey: KEY.replaceAll("PRIVATE", "EC PRIVATE") }],
        [{ clientCertificate: UNKNOWN, clientKey: UNKNOWN, ca: UNKNOWN, verify: UNKNOWN, serverName: UNKNOWN }],
        [{ verify: false, ca: UNKNOWN }],
        [{ headers: { Host: UNKNOWN }, expectedStatus: UNKNOWN, body: { matches: UNKNOWN } }],
        [{ headers: UNKNOWN, expectedStatus: [UNKNOWN], body: UNKNOWN }],
    ])("may be %j, and stays so", (settings) => {
        expect(https(settings)).toEqual([]);
        const parsed = probe.parse({ protocol: "https", ...settings });
        expect(parsed).toEqual({ protocol: "https", path: "/", intervalSeconds: 15, healthyThreshold: 1, ...settings });
        expect(probe.parse(parsed)).toEqual(parsed);
    });

    test.each([
        [{ verify: "yes" }, 'verify: must be a boolean (got "yes")'],
        [{ serverName: "10.0.0.1" }, 'serverName: must be a host name such as www.contoso.com (got "10.0.0.1")'],
        [{ serverName: "a..b" }, 'serverName: must be a host name such as www.contoso.com (got "a..b")'],
        [{ serverName: "" }, 'serverName: must be a host name such as www.contoso.com (got "")'],
        [{ ca: "/etc/ca.pem" }, 'ca: must be certificates in PEM (-----BEGIN CERTIFICATE----- …) (got "/etc/ca.pem")'],
        [{ clientCertificate: CERTIFICATE }, "clientKey: is required with clientCertificate"],
        [{ clientKey: KEY }, "clientCertificate: is required with clientKey"],
        [
            { clientCertificate: CERTIFICATE, clientKey: "hush" },
            "clientKey: must be a private key in PEM (-----BEGIN PRIVATE KEY----- …)",
        ],
        [
            { clientCertificate: CERTIFICATE, clientKey: KEY.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") },
            "clientKey: must be a key without a passphrase",
        ],
    ])("given %j, is refused, and its key not repeated", (settings, message) => {
        expect(problems(probe, { protocol: "https", ...settings }, PROBE_SECRETS)[0]).toBe(message);
    });

    test("given authorities that nobody asks, is refused", () => {
        expect(problems(probe, { protocol: "https", verify: false, ca: CERTIFICATE })).toEqual([
            expect.stringMatching(/^ca: has no effect while verify is false: leave one of them out/),
        ]);
    });

    const parsed = (settings: object) => probe.parse({ protocol: "https", ...settings }) as HttpsProbe;

    test("verifies when it is told so, or whom to trust", () => {
        expect(verifies(parsed({}))).toBe(false);
        expect(verifies(parsed({ verify: true }))).toBe(true);
        expect(verifies(parsed({ ca: CERTIFICATE }))).toBe(true);
    });

    test.each([
        [{}, undefined],
        [{ serverName: "a.example" }, "a.example"],
        [{ headers: { host: "b.example:8443" } }, "b.example"],
        [{ serverName: "a.example", headers: { Host: "b.example" } }, "a.example"],
        [{ headers: { Host: "10.80.1.4:8443" } }, undefined],
        [{ headers: { Host: "[fd00::1]:8443" } }, undefined],
    ])("given %j, calls the server %s", (settings, name) => {
        expect(serverNameOf(parsed(settings))).toBe(name);
    });
});

test("a member waits at most five minutes unless its probe says otherwise", () => {
    const longest = (settings: object) =>
        probeTiming(probe.parse({ protocol: "https", ...settings }) as HttpsProbe).longestHoldDownSeconds;
    expect(longest({})).toBe(300);
    expect(longest({ longestHoldDownSeconds: 0 })).toBe(0);
});
