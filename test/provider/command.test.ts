import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildImage } from "../../provider/docker/build";
import { connect } from "../../provider/docker/host";
import { runtimeImageContext } from "../../provider/package";
import { switchyard, switchyardIn } from "./support/command";
import { fakeAgent } from "./support/fakeAgent";
import { docker, removeEverythingOf } from "./support/host";
import { fakeSsh } from "./support/ssh";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const other = new TestStack();
const ours = ["--stack", `${stack.project}/${stack.name}`];

let image: string;
beforeAll(async () => {
    const context = runtimeImageContext("gateway");
    image = context.name;
    const host = await connect(undefined);
    await buildImage(host, context, { "io.switchyard.type": "RuntimeImage" }, () => undefined);
}, 300_000);
afterEach(() => Promise.all([stack, other].map(removeEverythingOf)));
afterAll(() => Promise.all([stack, other].map(removeEverythingOf)));

/** What an agent answers by method and path; lines of an apply are an array. */
type Answers = Record<string, unknown>;

/** A container that is labelled as a runtime, with an agent that gives these answers; others are refused as an agent does. */
async function runtime(type: "Gateway" | "DnsServer", name: string, answers: Answers, of = stack): Promise<string> {
    const script = fakeAgent(`
        const answers = (globalThis.answers ??= ${JSON.stringify(answers)});
        const route = request.method + " " + request.url;
        const answer = answers[route];
        if (answer === undefined) {
            response.statusCode = 404;
            return response.end(JSON.stringify({ problems: ["this agent does not know " + route] }));
        }
        if (request.method === "POST") {
            for (const line of answer.lines) send(line);
            Object.assign(answers, answer.then);
            return response.end();
        }
        response.end(typeof answer === "string" ? answer : JSON.stringify(answer));`);
    const container = `${of.name}-${name}`;
    const made = await docker.createContainer({
        name: container,
        Image: image,
        Entrypoint: ["node", "-e", script],
        Labels: {
            "io.switchyard.project": of.project,
            "io.switchyard.stack": of.name,
            "io.switchyard.urn": of.urn(type, name),
            "io.switchyard.type": type,
        },
        HostConfig: { NetworkMode: "none", Init: true },
        Healthcheck: { Test: ["CMD", "test", "-S", "/run/switchyard/agent.sock"], Interval: 1e8, Timeout: 1e10 },
    });
    await made.start();
    const isUp = async () => (await made.inspect()).State.Health?.Status;
    await expect.poll(isUp, { timeout: 20_000 }).toBe("healthy");
    return container;
}

const gatewayStatus = (problems: string[] = []): Answers => ({
    "GET /v1/status": {
        bundle: "abc",
        startedAt: 1,
        revision: 3,
        network: {
            virtualIp: "192.0.2.1",
            publicSubnet: "192.0.2.0/24",
            privateSubnet: "10.0.0.0/24",
            privateGateway: "10.0.0.1",
            internalVirtualIp: "10.0.0.2",
        },
        problems,
        endpoints: {},
        loadBalancedSets: {},
        events: [],
    },
    "GET /v1/status.txt": ["192.0.2.1 serves", ...problems.map((problem) => `problem: ${problem}`)].join("\n"),
});

const policy = (name: string) => ({
    status: "Online",
    since: 1,
    name,
    method: "Failover",
    ttlSeconds: 300,
    endpoints: {},
});
const dnsStatus = (domain: string, policies: string[], problems: string[] = []): Answers => ({
    "GET /v1/status": {
        bundle: "abc",
        startedAt: 1,
        revision: 3,
        domain,
        problems,
        policies: Object.fromEntries(policies.map((name) => [name, policy(`www.${name}.${domain}`)])),
        events: [],
    },
    "GET /v1/status.txt": `serves ${domain}`,
});

const CLIENT = "203.0.113.5";
const explanation = (domain: string, east: "Online" | "Degraded") => ({
    policy: "contoso",
    name: `www.contoso.${domain}`,
    client: CLIENT,
    ttlSeconds: 300,
    steps: [
        {
            policy: "contoso",
            method: "Failover",
            status: "Online",
            notes: [],
            endpoints: ["east", "west"].map((name) => {
                const isChosen = name === (east === "Online" ? "east" : "west");
                return {
                    name,
                    target: `${name}.example`,
                    status: name === "east" ? east : "Online",
                    since: Date.now(),
                    reason: name === "east" && east === "Degraded" ? "timeout" : "",
                    eligible: isChosen,
                    why: "priority",
                    odds: isChosen ? 1 : 0,
                };
            }),
        },
    ],
    answers: [{ type: "CNAME", data: `${east === "Online" ? "east" : "west"}.example`, odds: 1 }],
});
/** A server of one policy, `contoso`, with the prefix `www.contoso`. */
const server = (name: string, domain: string, east: "Online" | "Degraded" = "Online", of = stack) =>
    runtime(
        "DnsServer",
        name,
        {
            ...dnsStatus(domain, ["contoso"]),
            [`GET /v1/explain?policy=contoso&client=${CLIENT}`]: explanation(domain, east),
        },
        of,
    );
const explain = (policy: string, ...more: string[]) => switchyard("explain", policy, "--client", CLIENT, ...more);

describe("switchyard status", () => {
    it("given a gateway and a DNS server that are well, then both say so, and the exit code is 0", async () => {
        const gateway = await runtime("Gateway", "east-gateway", gatewayStatus());
        const dns = await runtime("DnsServer", "ns1", dnsStatus("tm.example", []));
        const both = await switchyard("status", ...ours);
        expect(both).toEqual({ code: 0, out: expect.any(String), error: "" });
        const whose = `of stack ${stack.project}/${stack.name} on unix:///var/run/docker.sock`;
        expect(both.out).toBe(
            `DNS server ${dns} ${whose}\nserves tm.example\n\ngateway ${gateway} ${whose}\n192.0.2.1 serves\n`,
        );
        const json = await switchyard("status", ...ours, "--json");
        const common = { stack: `${stack.project}/${stack.name}`, host: "unix:///var/run/docker.sock" };
        expect(JSON.parse(json.out)).toMatchObject([
            { name: dns, kind: "dns", ...common, status: { domain: "tm.example" } },
            { name: gateway, kind: "gateway", ...common, status: { revision: 3 } },
        ]);
        const one = await switchyard("status", "east-gateway", ...ours);
        expect(one.out).toMatch(/^gateway \S+-east-gateway of stack [^]*192\.0\.2\.1 serves\n$/);
        expect(one.out).not.toContain("DNS");
    });

    it("given one with a problem, one that is stopped and one of another version, then each is told, and the code is 1", async () => {
        await runtime("Gateway", "east-gateway", gatewayStatus(["the table was changed"]));
        const problem = await switchyard("status", ...ours);
        expect(problem).toMatchObject({ code: 1, out: expect.stringContaining("problem: the table was changed") });
        await docker.getContainer(`${stack.name}-east-gateway`).kill();
        await runtime("DnsServer", "ns1", { "GET /v1/status": { revision: "three" } });
        const { code, out } = await switchyard("status", ...ours, "--json");
        expect(code).toBe(1);
        expect(JSON.parse(out)).toMatchObject([
            { kind: "dns", problem: expect.stringMatching(/^the agent of DNS server \S+ is of another version/) },
            { kind: "gateway", problem: expect.stringMatching(/^gateway \S+ does not run/) },
        ]);
    });

    it("given one that somebody removed, whose volume is there still, then it is missing, and the code is 1", async () => {
        await runtime("Gateway", "east-gateway", gatewayStatus());
        const Labels = {
            "io.switchyard.project": stack.project,
            "io.switchyard.stack": stack.name,
            "io.switchyard.type": "RuntimeVolume",
        };
        const Name = `${stack.name}-ns1-state`;
        await docker.createVolume({ Name, Labels });
        const { code, error } = await switchyard("status", ...ours);
        await docker.getVolume(Name).remove();
        expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining(`volume ${Name}, stack`) });
        expect(await switchyard("status", ...ours)).toMatchObject({ code: 0, error: "" });
    });

    it("given a name or a stack that there is not, then those that there are", async () => {
        const name = await runtime("Gateway", "east-gateway", gatewayStatus());
        expect(await switchyard("status", "nobody", ...ours)).toEqual({
            code: 2,
            out: "",
            error: `switchyard: no gateway or DNS server is called nobody; there is ${name} (gateway east-gateway of stack ${stack.project}/${stack.name})\n`,
        });
        const { code, error } = await switchyard("status", "--stack", "nobodys");
        expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining("of stack nobodys; there ") });
    });

    it("given Docker hosts that do not answer, then the others are asked, if there are any", async () => {
        await runtime("Gateway", "east-gateway", gatewayStatus());
        const nobody = ["--host", "tcp://127.0.0.1:1"];
        expect(await switchyard("status", ...nobody)).toEqual({
            code: 2,
            out: "",
            error: expect.stringMatching(
                /^switchyard: cannot reach Docker at tcp:\/\/127\.0\.0\.1:1: nobody listens there .*; start Docker there \(--host or DOCKER_HOST names the host\)\n$/,
            ),
        });
        const some = await switchyard("status", ...nobody, "--host", "unix:///var/run/docker.sock", ...ours);
        expect(some).toEqual({
            code: 1,
            out: expect.stringContaining("192.0.2.1 serves"),
            error: expect.stringMatching(/^cannot reach Docker at tcp:\/\/127\.0\.0\.1:1: .*\n$/),
        });
    });
});

describe("switchyard explain", () => {
    it.each(["contoso", "www.contoso", "WWW.contoso.tm.example."])(
        "given servers that agree, then %s is explained once",
        async (name) => {
            const servers = [await server("ns1", "tm.example"), await server("ns2", "tm.example")];
            const { code, out, error } = await explain(name, ...ours);
            expect({ code, error }).toEqual({ code: 0, error: "" });
            expect(out).toContain("east.example");
            expect(out).toContain(`\n\n${servers.join(", ")} say the same.\n`);
        },
    );

    it("given servers that differ, then in what, and the code is 1", async () => {
        const [ns1, ns2] = [await server("ns1", "tm.example"), await server("ns2", "tm.example", "Degraded")];
        const { code, out } = await explain("contoso", ...ours);
        expect(code).toBe(1);
        const lines = out.split("\n");
        const table = lines
            .slice(lines.indexOf("the servers differ:") + 1, -1)
            .map((line) => line.trim().split(/ {2,}/));
        expect(table).toEqual([
            [ns1, ns2],
            ["answer", "CNAME east.example 100 %", "CNAME west.example 100 %"],
            [
                "endpoint east of contoso",
                "east.example, Online, eligible, 100 %",
                "east.example, Degraded, not eligible (timeout)",
            ],
            ["endpoint west of contoso", "west.example, Online, not eligible", "west.example, Online, eligible, 100 %"],
        ]);
        const one = await explain("contoso", ...ours, "--server", ns2, "--json");
        expect(one.code).toBe(0);
        expect(JSON.parse(one.out)).toMatchObject([{ name: ns2, kind: "dns", explanation: { policy: "contoso" } }]);
    });

    it("given servers of another traffic manager, then they are not concerned, unless they have a policy of that name", async () => {
        await server("ns1", "tm.example");
        await runtime("DnsServer", "b-ns1", dnsStatus("b.example", ["fabrikam"]));
        expect((await explain("contoso", ...ours)).code).toBe(0);
        expect(await explain("nobody", ...ours)).toEqual({
            code: 2,
            out: "",
            error: "switchyard: no policy is called nobody; there are fabrikam (www.fabrikam.b.example), contoso (www.contoso.tm.example)\n",
        });
        const third = await server("c-ns1", "c.example");
        const { code, error } = await explain("contoso", ...ours);
        expect(code).toBe(2);
        expect(error).toContain(`www.contoso.c.example (${third})`);
        expect((await explain("www.contoso.c.example", ...ours)).code).toBe(0);
    });

    it("given a server that lacks the policy, or does not answer, then that is told beside what the others say", async () => {
        await server("ns1", "tm.example");
        await runtime("DnsServer", "ns2", dnsStatus("tm.example", []));
        await docker.getContainer(await server("ns3", "tm.example")).kill();
        const { code, out, error } = await explain("contoso", ...ours);
        expect(code).toBe(1);
        expect(out).toContain("east.example");
        expect(error).toMatch(
            /^\S+-ns2 serves no policy www\.contoso\.tm\.example\nDNS server \S+-ns3 does not run.*\n$/,
        );
    });

    it("given no address, or none that is one, then what is missing", async () => {
        expect(await switchyard("explain", "contoso")).toMatchObject({
            code: 2,
            error: expect.stringMatching(/^error: required option '--client <address>' not specified/),
        });
        expect(await switchyard("explain", "contoso", "--client", "here")).toMatchObject({
            code: 2,
            error: "switchyard: --client must be an IPv4 or IPv6 address (got here)\n",
        });
    });
});

const revision = (number: number, hash: string, serves: boolean, ...changes: string[]) => ({
    revision: number,
    hash,
    appliedAt: Date.UTC(2026, 10, 21, 14, 3, number),
    serves,
    changes,
});
const SLOW = revision(1, "aaaa11111111", false);
const FAST = revision(2, "bbbb22222222", true, "policies.contoso.ttlSeconds: 300 => 30");
const AGAIN = revision(3, SLOW.hash, true, "policies.contoso.ttlSeconds: 30 => 300");

describe("switchyard revisions and rollback", () => {
    const keeper = (name: string, lines: object[] = [{ event: "applied", revision: 3 }]) =>
        runtime("DnsServer", name, {
            "GET /v1/revisions": [FAST, SLOW],
            "POST /v1/revisions/aaaa/rollback": { lines, then: { "GET /v1/revisions": [AGAIN, FAST, SLOW] } },
        });

    it("lists what was applied and what changed", async () => {
        const name = await keeper("ns1");
        const { code, out } = await switchyard("revisions", ...ours);
        expect(code).toBe(0);
        expect(out.split("\n").slice(1)).toEqual([
            "  2  bbbb22222222  2026-11-21 14:03:02Z  serves",
            "      policies.contoso.ttlSeconds: 300 => 30",
            "  1  aaaa11111111  2026-11-21 14:03:01Z",
            "      nothing changed",
            "",
        ]);
        const json = await switchyard("revisions", name, "--json");
        expect(JSON.parse(json.out)).toMatchObject([{ name, kind: "dns", revisions: [FAST, SLOW] }]);
    });

    it("returns to one: says what changed, what it waits for, and what the next preview shows", async () => {
        const name = await keeper("ns1", [
            { event: "progress", message: "waiting for gdnsd" },
            { event: "applied", revision: 3 },
        ]);
        const { code, out, error } = await switchyard("rollback", "aaaa", ...ours);
        expect({ code, out: out.split("\n").slice(1) }).toEqual({
            code: 0,
            out: [
                "returned to aaaa11111111, as revision 3; what changed:",
                "      policies.contoso.ttlSeconds: 30 => 300",
                "",
            ],
        });
        expect(error).toMatch(new RegExp(`^${name}: waiting for gdnsd\nthe next pulumi preview shows this as drift, `));
    });

    it("given several that keep it, then nothing happens until they are named", async () => {
        const names = [await keeper("ns1"), await keeper("ns2")];
        const several = await switchyard("rollback", "aaaa", ...ours);
        expect(several).toMatchObject({ code: 2, out: "" });
        expect(several.error).toMatch(/^switchyard: several keep revision aaaa: .*-ns1 \(.*, .*-ns2 \(.*; name those/);
        const named = await switchyard("rollback", "aaaa", ...names, ...ours, "--json");
        expect(named.code).toBe(0);
        expect(JSON.parse(named.out)).toMatchObject(names.map((name) => ({ name, revision: AGAIN })));
    });

    it("given a server that refuses, then those after it are left as they are", async () => {
        await keeper("ns1", [{ event: "failed", problems: ["gdnsd refuses the zone"] }]);
        await keeper("ns2");
        const { code, out, error } = await switchyard("rollback", "aaaa", "ns1", "ns2", ...ours);
        expect(code).toBe(1);
        expect(out).toContain("problem: gdnsd refuses the zone");
        expect(error).toBe(`${stack.name}-ns2 was not asked any more and serves what it did\n`);
        expect((await switchyard("revisions", "ns2", ...ours)).out).not.toContain("  3  ");
    });

    it("given a hash that nobody keeps, then those that are kept", async () => {
        const name = await keeper("ns1");
        expect(await switchyard("rollback", "cccc", ...ours)).toEqual({
            code: 2,
            out: "",
            error: `switchyard: ${name} does not keep a revision cccc; it keeps bbbb22222222, aaaa11111111\n`,
        });
    });
});

describe("the switchyard command", () => {
    it("reaches a Docker host over ssh, and ends when it has been answered", async () => {
        await runtime("Gateway", "east-gateway", gatewayStatus());
        const folder = mkdtempSync(path.join(tmpdir(), "switchyard-ssh-"));
        try {
            const environment = {
                ...fakeSsh(folder, path.join(folder, "log")),
                DOCKER_HOST: "ssh://admin@east.example",
            };
            const { code, out } = await switchyardIn(environment, "status", ...ours);
            expect(code).toBe(0);
            expect(out).toMatch(/ on ssh:\/\/admin@east\.example\n192\.0\.2\.1 serves\n$/);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("given a reader who has read enough, then it ends without a word", async () => {
        const gone = spawn(process.execPath, ["dist/cli/main.js", "--help"], { stdio: ["ignore", "pipe", "pipe"] });
        gone.stdout.destroy();
        const said = await text(gone.stderr);
        expect(said).toBe("");
    });

    it("tells its version, and says how it is used", async () => {
        expect((await switchyard("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
        const help = await switchyard("--help");
        expect(help).toMatchObject({ code: 0, error: "" });
        for (const name of ["status", "explain", "revisions", "rollback"]) expect(help.out).toContain(`  ${name} `);
        expect(await switchyard("explan")).toMatchObject({
            code: 2,
            error: expect.stringContaining("Did you mean explain?"),
        });
    });
});
