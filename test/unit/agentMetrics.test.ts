import http from "node:http";
import net from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { AgentStatus, MemberStatus } from "../../model/balancer/control";
import { metricsText } from "../../runtime/agent/balancer/metrics";
import { MetricsServer } from "../../runtime/agent/metrics-server";
import { prometheusText, type Family } from "../../runtime/agent/prometheus";
import { NETWORK } from "./support/agent";

/** Reads the text format as its specification has it, and throws at the first line that breaks it. */
function parse(text: string): Map<string, { type: string; samples: [Record<string, string>, number][] }> {
    const families = new Map<string, { type: string; samples: [Record<string, string>, number][] }>();
    let current = "";
    expect(text.endsWith("\n")).toBe(true);
    for (const line of text.slice(0, -1).split("\n")) {
        const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
        if (comment) {
            const [, kind, name, rest] = comment;
            // All of a family stands together, its help and type first.
            if (kind === "HELP") expect(families.has(name!), name).toBe(false);
            else expect(current, line).toBe(name);
            if (kind === "HELP") families.set((current = name!), { type: "", samples: [] });
            else families.get(name!)!.type = rest!;
            continue;
        }
        const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
        if (!sample) throw new Error(`no sample: ${line}`);
        const [, name, labels = "", value] = sample;
        expect(name!.replace(/_(sum|count)$/, "") === current || name === current, line).toBe(true);
        const found: Record<string, string> = {};
        const left = labels.replace(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/g, (_, key, escaped) => {
            found[key] = escaped.replace(/\\(.)/g, (_: string, c: string) => (c === "n" ? "\n" : c));
            return "";
        });
        expect(left, line).toBe("");
        expect(Number.isNaN(Number(value)), line).toBe(false);
        families.get(current)!.samples.push([found, Number(value)]);
    }
    return families;
}

describe("the text format", () => {
    it("tells any label as it was given", () => {
        fc.assert(
            fc.property(
                fc.string(),
                fc.string(),
                fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
                (a, b, value) => {
                    const family: Family = {
                        name: "x_total",
                        type: "counter",
                        help: `${a}\n${b}`,
                        samples: [{ labels: { a, b }, value }],
                    };
                    expect(parse(prometheusText([family])).get("x_total")!.samples).toEqual([[{ a, b }, value]]);
                },
            ),
        );
    });
});

const member: MemberStatus = {
    status: "healthy",
    reason: "",
    since: 1_000,
    container: "dev-web1-1",
    address: "10.80.1.4",
    share: 0.5,
    traffic: {
        connections: 12,
        answered: 9,
        refused: 2,
        unanswered: 1,
        received: { packets: 40, bytes: 4_000 },
        sent: { packets: 41, bytes: 5_000 },
    },
    probes: { success: 5, refusal: 1, silence: 0, seconds: 0.25 },
};

const STATUS: AgentStatus = {
    bundle: "0123456789ab",
    startedAt: 1_700_000_000_500,
    revision: 7,
    applies: { applied: 3, failed: 1 },
    network: NETWORK,
    problems: ["something"],
    endpoints: {
        dns: { ...member, status: "stopped", share: 0, traffic: { connections: 4 }, probes: undefined, arrived: 5 },
    },
    loadBalancedSets: {
        'ht"tp': {
            arrived: 13,
            members: { web1: member },
            acl: {
                rules: [{ order: 100, action: "deny", remoteSubnet: "10.0.0.0/8", packets: 3, bytes: 180 }],
                default: { action: "permit", packets: 13, bytes: 780 },
            },
        },
    },
    events: [],
};

describe("the metrics", () => {
    it("tell the status in Prometheus' words", () => {
        const families = parse(metricsText(STATUS));
        const told = (name: string) => families.get(`switchyard_${name}`)?.samples;
        const web1 = { set: 'ht"tp', member: "web1" };
        const dns = { endpoint: "dns" };
        expect(told("agent_info")).toEqual([[{ bundle: "0123456789ab" }, 1]]);
        expect(told("agent_start_time_seconds")).toEqual([[{}, 1_700_000_000.5]]);
        expect(told("problems")).toEqual([[{}, 1]]);
        expect(told("configuration_revision")).toEqual([[{}, 7]]);
        expect(told("applies_total")).toEqual([
            [{ outcome: "applied" }, 3],
            [{ outcome: "failed" }, 1],
        ]);
        expect(told("connections_arrived_total")).toEqual([
            [dns, 5],
            [{ set: 'ht"tp' }, 13],
        ]);
        expect(told("connections_total")).toEqual([
            [dns, 4],
            [web1, 12],
        ]);
        expect(told("connections_answered_total")).toEqual([[web1, 9]]);
        expect(told("connections_refused_total")).toEqual([[web1, 2]]);
        expect(told("connections_unanswered")).toEqual([[web1, 1]]);
        expect(told("received_bytes_total")).toEqual([[web1, 4_000]]);
        expect(told("sent_packets_total")).toEqual([[web1, 41]]);
        expect(told("acl_packets_total")).toEqual([
            [{ set: 'ht"tp', order: "100", action: "deny", remote_subnet: "10.0.0.0/8" }, 3],
            [{ set: 'ht"tp', order: "default", action: "permit" }, 13],
        ]);
        expect(told("acl_bytes_total")).toHaveLength(2);
        expect(told("member_healthy")).toEqual([
            [dns, 0],
            [web1, 1],
        ]);
        expect(told("probes_total")).toEqual([
            [{ ...web1, outcome: "success" }, 5],
            [{ ...web1, outcome: "refusal" }, 1],
            [{ ...web1, outcome: "silence" }, 0],
        ]);
        expect(told("probe_duration_seconds")).toEqual([
            [web1, 0.25],
            [web1, 5],
        ]);
    });

    it("are named by Prometheus' conventions, counters and only they ending in _total", () => {
        for (const [name, { type }] of parse(metricsText(STATUS))) {
            expect(name).toMatch(/^switchyard_[a-z_]+$/);
            expect(name.endsWith("_total"), name).toBe(type === "counter");
        }
    });

    it("of a gateway that serves nothing yet are well-formed", () => {
        parse(metricsText({ ...STATUS, endpoints: {}, loadBalancedSets: {}, applies: undefined }));
    });
});

describe("the metrics server", () => {
    const servers: { close(): void }[] = [];

    afterEach(() => {
        for (const server of servers.splice(0)) server.close();
    });

    function make(read: () => Promise<string> = async () => "x 1\n") {
        const server = new MetricsServer("127.0.0.1", read);
        servers.push(server);
        return server;
    }

    /** A port that was free a moment ago. */
    async function occupy(): Promise<{ port: number; leave: () => Promise<void> }> {
        const server = net.createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const leave = () => new Promise<void>((resolve) => server.close(() => resolve()));
        return { port: (server.address() as net.AddressInfo).port, leave };
    }

    async function free(): Promise<number> {
        const { port, leave } = await occupy();
        await leave();
        return port;
    }

    function get(port: number, path = "/metrics", method = "GET") {
        return new Promise<{ status?: number; type?: string; text: string }>((resolve, reject) => {
            const request = http.request({ host: "127.0.0.1", port, path, method, agent: false }, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
                const { statusCode: status, headers } = response;
                response.on("end", () => resolve({ status, type: headers["content-type"], text }));
            });
            request.on("error", reject);
            request.end();
        });
    }

    const served = async (port: number) => {
        for (;;) {
            const reply = await get(port).catch(() => undefined);
            if (reply) return reply;
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    };

    it("when reading takes long, then nobody makes it begin again meanwhile", async () => {
        let reads = 0;
        const read = async () => {
            reads++;
            await new Promise((resolve) => setTimeout(resolve, 700));
            return "x 1\n";
        };
        const server = make(read);
        const port = await free();
        server.serve(port);
        const first = served(port);
        await new Promise((resolve) => setTimeout(resolve, 400));
        expect((await Promise.all([first, get(port)])).map(({ text }) => text)).toEqual(["x 1\n", "x 1\n"]);
        expect(reads).toBe(1);
    });

    it("serves /metrics, to those who ask as they should, where it was last told to", async () => {
        const server = make();
        const [first, second] = [await free(), await free()];
        server.serve(first);
        expect(await served(first)).toEqual({
            status: 200,
            type: "text/plain; version=0.0.4; charset=utf-8",
            text: "x 1\n",
        });
        expect(await get(first, "/metrics?a=b", "HEAD")).toMatchObject({ status: 200, text: "" });
        expect(await get(first, "/")).toMatchObject({ status: 404 });
        expect(await get(first, "/metrics", "POST")).toMatchObject({ status: 405 });

        server.serve(second);
        expect(await served(second)).toMatchObject({ status: 200 });
        await expect(get(first)).rejects.toThrow("ECONNREFUSED");
        server.serve(undefined);
        await expect(get(second)).rejects.toThrow("ECONNREFUSED");
    });

    it("reads once for all who ask within a moment, and lives on when it cannot read", async () => {
        let reads = 0;
        const server = make(async () => {
            if (reads++ > 0) throw new Error("no");
            return "x 1\n";
        });
        const port = await free();
        server.serve(port);
        await served(port);
        await Promise.all(Array.from({ length: 20 }, () => get(port)));
        expect(reads).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 250));
        expect(await get(port)).toMatchObject({ status: 500 });
    });

    it("has a problem while the port is in use, and none once it is told another", async () => {
        const { port, leave } = await occupy();
        const server = make();
        server.serve(port);
        while (server.problem === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
        expect(server.problem).toBe(
            `metrics are not served on 127.0.0.1:${port}: the port is in use; choose another (metrics.port)`,
        );
        const other = await free();
        server.serve(other);
        expect(await served(other)).toMatchObject({ status: 200 });
        expect(server.problem).toBeUndefined();
        await leave();
    });
});
