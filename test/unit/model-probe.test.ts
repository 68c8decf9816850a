import { describe, expect, test } from "vitest";
import { probe, probeQuestion, probeTiming, type ActiveProbe } from "../../model/health/probe";
import { UNKNOWN } from "../../model/schema/unknown";
import { CERTIFICATE, KEY } from "./support/pem";
import { problems } from "./support/problems";

const active = (settings: object) => probe.parse(settings) as ActiveProbe;

describe("a probe", () => {
    test.each([
        [{ protocol: "none" }, { protocol: "none" }],
        [{ protocol: "tcp" }, { protocol: "tcp", intervalSeconds: 15, healthyThreshold: 1 }],
        [{ protocol: "http" }, { protocol: "http", path: "/", intervalSeconds: 15, healthyThreshold: 1 }],
        [
            { protocol: "http", port: 81, path: "/a?b=%20", intervalSeconds: 0.2, timeoutSeconds: 0.2 },
            {
                protocol: "http",
                port: 81,
                path: "/a?b=%20",
                intervalSeconds: 0.2,
                timeoutSeconds: 0.2,
                healthyThreshold: 1,
            },
        ],
    ])("given %j, has Azure's defaults, and leaves unset what follows from other settings", (given, expected) => {
        expect(probe.parse(given)).toEqual(expected);
    });

    test("is left alone by a second parse", () => {
        const once = probe.parse({ protocol: "http", path: "/healthz" });
        expect(probe.parse(once)).toEqual(once);
    });

    test("may hold unknowns in any field, its protocol too", () => {
        for (const given of [
            { protocol: UNKNOWN },
            { protocol: UNKNOWN, path: "/healthz", intervalSeconds: 2 },
            { protocol: "http", path: UNKNOWN, port: UNKNOWN, intervalSeconds: UNKNOWN, timeoutSeconds: 3 },
            { protocol: "tcp", timeoutSeconds: UNKNOWN, unhealthyThreshold: UNKNOWN, healthyThreshold: UNKNOWN },
        ])
            expect(probe.parse(given)).toMatchObject(given);
    });

    const ofTcp =
        "(allowed: healthyThreshold, intervalSeconds, longestHoldDownSeconds, port, timeoutSeconds, unhealthyThreshold)";
    test.each([
        [{}, 'protocol: must be one of "none", "tcp", "http", "https"'],
        [{ protocol: "icmp" }, 'protocol: must be one of "none", "tcp", "http", "https" (got "icmp")'],
        [{ protocol: "none", port: 80 }, 'has unknown property "port"'],
        [{ protocol: "tcp", path: "/" }, `has unknown property "path" ${ofTcp}`],
        [{ protocol: "http", path: "healthz" }, 'path: must start with "/" (got "healthz")'],
        [{ protocol: "http", path: "" }, 'path: must start with "/" (got "")'],
        [
            { protocol: "http", path: "/a b" },
            'path: must hold only printable ASCII characters without spaces (percent-encode others) (got "/a b")',
        ],
        [
            { protocol: "http", path: "/\r\nHost:x" },
            'path: must hold only printable ASCII characters without spaces (percent-encode others) (got "/\\r\\nHost:x")',
        ],
        [{ protocol: "tcp", port: 0 }, "port: must be between 1 and 65535 (got 0)"],
        [{ protocol: "tcp", port: 65536 }, "port: must be between 1 and 65535 (got 65536)"],
        [{ protocol: "tcp", port: 80.5 }, "port: must be a whole number (got 80.5)"],
        [{ protocol: "tcp", port: "80" }, 'port: must be a number (got "80")'],
        [{ protocol: "tcp", intervalSeconds: 0.1 }, "intervalSeconds: must be between 0.2 and 3600 (got 0.1)"],
        [{ protocol: "tcp", intervalSeconds: 3601 }, "intervalSeconds: must be between 0.2 and 3600 (got 3601)"],
        [{ protocol: "tcp", timeoutSeconds: 0 }, "timeoutSeconds: must be between 0.05 and 3600 (got 0)"],
        [
            { protocol: "tcp", intervalSeconds: 5, timeoutSeconds: 6 },
            "timeoutSeconds: must not exceed intervalSeconds (5) (got 6)",
        ],
        [{ protocol: "tcp", timeoutSeconds: 16 }, "timeoutSeconds: must not exceed intervalSeconds (15) (got 16)"],
        [{ protocol: "tcp", unhealthyThreshold: 0 }, "unhealthyThreshold: must be between 1 and 100 (got 0)"],
        [{ protocol: "tcp", healthyThreshold: 101 }, "healthyThreshold: must be between 1 and 100 (got 101)"],
        [{ protocol: "tcp", headers: {} }, `has unknown property "headers" ${ofTcp}`],
        [
            { protocol: "http", verify: true },
            'has unknown property "verify" (allowed: body, expectedStatus, headers, healthyThreshold, ' +
                "intervalSeconds, longestHoldDownSeconds, path, port, timeoutSeconds, unhealthyThreshold)",
        ],
        [
            { protocol: "tcp", longestHoldDownSeconds: 3601 },
            "longestHoldDownSeconds: must be between 0 and 3600 (got 3601)",
        ],
        ["tcp", "must be a map of properties"],
    ])("given %j, is refused", (given, message) => {
        expect(problems(probe, given)).toEqual([message]);
    });

    test("tells all that is wrong at once", () => {
        expect(problems(probe, { protocol: "http", port: 0, path: "x", interval: 5 })).toEqual([
            "port: must be between 1 and 65535 (got 0)",
            'path: must start with "/" (got "x")',
            'has unknown property "interval"; did you mean "intervalSeconds"? (others: body, expectedStatus, headers, ' +
                "healthyThreshold, longestHoldDownSeconds, timeoutSeconds, unhealthyThreshold)",
        ]);
    });
});

describe("a probe's timing", () => {
    test.each([
        [{}, { intervalSeconds: 15, timeoutSeconds: 10, silenceThreshold: 2, refusalThreshold: 1 }],
        [{ intervalSeconds: 5 }, { intervalSeconds: 5, timeoutSeconds: 5, silenceThreshold: 2, refusalThreshold: 1 }],
        [{ intervalSeconds: 60 }, { timeoutSeconds: 10 }],
        [{ intervalSeconds: 60, timeoutSeconds: 30 }, { timeoutSeconds: 30 }],
        [{ unhealthyThreshold: 1 }, { silenceThreshold: 1, refusalThreshold: 1 }],
        [{ unhealthyThreshold: 4 }, { silenceThreshold: 4, refusalThreshold: 4 }],
        [{ healthyThreshold: 3 }, { healthyThreshold: 3, silenceThreshold: 2, refusalThreshold: 1 }],
    ])("given %j, is %j", (settings, expected) => {
        expect(probeTiming(active({ protocol: "tcp", ...settings }))).toMatchObject(expected);
    });
});

describe("a probe's question", () => {
    const question = (settings: object) => probeQuestion(probe.parse(settings), 8080);

    test.each([
        [{ protocol: "none" }, "none"],
        [{ protocol: "tcp" }, "tcp:8080"],
        [{ protocol: "tcp", port: 81 }, "tcp:81"],
        [{ protocol: "http", path: "/healthz" }, "http:8080/healthz"],
        [{ protocol: "http", port: 81, headers: {} }, "http:81/"],
        [{ protocol: "https", verify: false }, "https:8080/"],
    ])("of %j is %s", (settings, target) => {
        expect(question(settings)).toEqual({ target });
    });

    test("stays the same when only the timing changes", () => {
        expect(
            question({ protocol: "tcp", intervalSeconds: 1, healthyThreshold: 3, longestHoldDownSeconds: 0 }),
        ).toEqual(question({ protocol: "tcp" }));
    });

    const asked = {
        protocol: "https",
        headers: { Host: "a.example", Accept: "text/html" },
        expectedStatus: [200, 404],
        body: { contains: "ready" },
        verify: true,
        ca: CERTIFICATE,
        serverName: "b.example",
        clientCertificate: CERTIFICATE,
        clientKey: KEY,
    };
    test.each([
        [{ path: "/b" }],
        [{ headers: { Host: "b.example", Accept: "text/html" } }],
        [{ headers: { Host: "a.example" } }],
        [{ expectedStatus: [200] }],
        [{ body: { contains: "up" } }],
        [{ body: { matches: "ready" } }],
        [{ verify: false, ca: undefined }],
        [{ ca: CERTIFICATE + CERTIFICATE }],
        [{ serverName: "c.example" }],
        [{ clientCertificate: CERTIFICATE + CERTIFICATE }],
        [{ clientKey: KEY.replace("AAAA", "BBBB") }],
    ])("is another one with %j", (change) => {
        expect(question({ ...asked, ...change })).not.toEqual(question(asked));
    });

    test.each([
        [{ headers: { accept: "text/html", host: "a.example" } }],
        [{ expectedStatus: ["404", 200] }],
        [{ verify: undefined }],
    ])("is the same with %j", (change) => {
        expect(question({ ...asked, ...change })).toEqual(question(asked));
    });
});
