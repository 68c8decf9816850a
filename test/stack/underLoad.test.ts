import type { Stack } from "@pulumi/pulumi/automation";
import { appendFileSync, cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { docker, runtimeImagesOf } from "./support/docker";
import { watched } from "./support/health";
import { Images } from "./support/images";
import { ECHO_PORT, failuresOf, loaded, SERVE, stream, type LoadReport, type Target } from "./support/load";
import { Project, Steps } from "./support/project";
import { ask, freePorts } from "./support/traffic";

type Named = Record<string, Record<string, unknown>>;

/** About a second on a quiet machine. */
const GATEWAY_WITHIN_MS = 60_000;

/** Every kind of change to what serves, while clients of every kind count what fails. */
describe("a stack under load", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<"services" | "machines" | "sets" | "policies", Named> & { dns: object };
    let port: number;
    let vips: Record<"east" | "west", string>;
    let gateway: string;
    let dns: NonNullable<Target["dns"]>;
    let version: Record<"a" | "b", string>;
    /** Those of other tests too. */
    let sharedRuntimes: string[] = [];

    const probe = { protocol: "http", path: "/healthz", port: 8080, intervalSeconds: 0.25 };
    const web = { service: "east", protocol: "tcp", privatePort: 8080, probe, drainSeconds: 1 };
    const echo = { ...web, privatePort: ECHO_PORT, probe: { protocol: "tcp", port: ECHO_PORT, intervalSeconds: 0.25 } };
    const names = ["web1", "web2", "web3"];
    const machine = (image: string, others: object = {}) => ({ service: "east", image, command: SERVE, ...others });
    const machines = (image: string, others: object = {}): Named => ({
        ...shape.machines,
        ...Object.fromEntries(names.map((name) => [name, machine(image, others)])),
    });
    const policy = { method: "RoundRobin", prefix: "contoso", ttlSeconds: 30 };
    const answer = (address: string) => ({ address, alwaysServe: true });

    beforeAll(async () => {
        images = new Images();
        version = { a: images.version("a"), b: images.version("b") };
        project = new Project(inject("installation"), "described");
        stack = await project.stack("load");
        port = await freePorts(2);
        shape = {
            services: { east: { publish: { address: "127.0.0.1", ports: [`${port}:80`] } }, west: {} },
            machines: { west1: machine(version.a, { service: "west" }) },
            sets: {
                http: { ...web, publicPort: 80, members: names },
                tcp: { ...echo, publicPort: 7, members: names },
                udp: { ...echo, protocol: "udp", publicPort: 7, members: names },
                left: { ...web, publicPort: 81, members: ["web1"] },
                right: { ...web, publicPort: 82, members: ["web2", "web3"] },
                west: { ...web, service: "west", publicPort: 80, members: ["west1"] },
            },
            policies: { contoso: { ...policy, endpoints: { a: answer("192.0.2.1") } } },
            dns: { domain: "trafficmanager.example", servers: { ns1: {}, ns2: {} } },
        };
        shape.machines = machines(version.a);
        project.declare(stack, shape);
        const { outputs } = await stack.up();
        vips = outputs["virtualIps"]!.value;
        gateway = outputs["gateways"]!.value.east;
        const servers = Object.values<string>(outputs["nameServers"]!.value);
        sharedRuntimes = runtimeImagesOf(project.name);
        dns = { name: "contoso.trafficmanager.example", servers };
    });
    afterAll(() => {
        const isOwn = (image: string) => sharedRuntimes.length > 0 && !sharedRuntimes.includes(image);
        const runtimes = runtimeImagesOf(project.name).filter(isOwn);
        project.remove();
        if (runtimes.length > 0) docker("image", "rm", ...runtimes);
        images.remove();
    });

    /** What the program that `shape` has become by now changes. */
    async function up(): Promise<Steps["byResource"]> {
        project.declare(stack, shape);
        const steps = new Steps();
        await stack.up({ onEvent: steps.onEvent });
        return steps.byResource;
    }

    /** The same, with all kinds of load on the sets of the east. */
    function upUnderLoad() {
        return loaded({ address: vips.east, http: 80, tcp: 7, udp: 7 }, () => watched(gateway, up));
    }

    const changed = (steps: Steps["byResource"], op: string) =>
        Object.keys(steps).filter((name) => steps[name]!.op === op);
    const answersOf = (report: LoadReport) => Object.keys(report.connections!.answers).sort();

    it("takes the new machines for the old ones once they are healthy, image and environment at once", async () => {
        shape.machines = machines(version.b, { environment: { A: "b" } });
        const { result, report } = await upUnderLoad();
        expect(failuresOf(report)).toEqual([]);
        expect(result.fewest).toMatchObject({ http: 3, tcp: 3, udp: 3 });
        expect(answersOf(report)).toEqual(["a", "b"]);
    });

    it("replaces one machine after the other where the old one goes first", async () => {
        shape.machines = machines(version.a, { replaceMode: "deleteFirst" });
        const { result, report } = await upUnderLoad();
        expect(failuresOf(report)).toEqual([]);
        expect(result.fewest).toMatchObject({ http: 2, tcp: 2, udp: 2, left: 0 });
        expect(answersOf(report)).toEqual(["a", "b"]);
    });

    it("changes what sets are and who is in them, and sizes, in place", async () => {
        shape.machines = machines(version.a, { replaceMode: "deleteFirst", size: { cpus: 0.5, memory: "256MiB" } });
        shape.machines["web4"] = machine(version.b);
        const drained = { machine: "web3", weight: 0 };
        shape.sets["http"] = {
            ...shape.sets["http"],
            members: [{ machine: "web1", weight: 3 }, "web2", drained, "web4"],
            probe: { protocol: "tcp", port: 8080, intervalSeconds: 0.5 },
        };
        shape.sets["tcp"] = { ...shape.sets["tcp"], members: ["web1", "web2", drained], distribution: "sourceIP" };
        shape.sets["udp"] = { ...shape.sets["udp"], members: ["web1", "web2"] };
        const { result, report } = await upUnderLoad();
        expect(failuresOf(report)).toEqual([]);
        expect(changed(result.result, "update").sort()).toEqual([
            "LoadBalancedSet http",
            "LoadBalancedSet tcp",
            "LoadBalancedSet udp",
            "LoadBalancer east",
            ...names.map((name) => `VirtualMachine ${name}`),
        ]);
        expect(report.streams!.ended + report.keepAlive!.ended).toBe(0);
        expect(answersOf(report)).toEqual(["a", "b"]);
    });

    it("renames sets, splits one, and moves public ports from one to the other, all in one update", async () => {
        const { http, tcp, udp, left, right, west } = shape.sets;
        const half = { ...left, publicPort: 83 };
        shape.sets = {
            site: { ...http },
            echo: { ...tcp, formerly: "tcp" },
            udp: { ...udp!, members: ["web1"] },
            udp2: { ...udp!, publicPort: 8, members: ["web2"] },
            left: { ...left!, publicPort: 82 },
            right: { ...right!, publicPort: 81 },
            half,
            west: west!,
        };
        const { result, report } = await loaded({ address: vips.east, http: 81 }, () =>
            loaded({ address: vips.east, http: 82 }, upUnderLoad),
        );
        const { result: other, report: at82 } = result;
        expect([report, at82, other.report].flatMap(failuresOf)).toEqual([]);
        expect(other.result.result["LoadBalancedSet echo"]).toBeUndefined();
        expect(other.report.streams!.ended).toBe(0);
    });

    it("moves a machine to another cloud service, and replaces the name servers one after the other", async () => {
        shape.machines["web3"] = machine(version.b, { service: "west" });
        shape.sets["site"] = { ...shape.sets["site"], members: ["web1", "web2"] };
        shape.sets["echo"] = { ...shape.sets["echo"], members: ["web1", "web2"] };
        shape.sets["right"] = { ...shape.sets["right"], members: ["web2"] };
        shape.sets["west"] = { ...shape.sets["west"], members: ["west1", "web3"] };
        shape.policies["contoso"] = { ...policy, endpoints: { a: answer("192.0.2.1"), b: answer("192.0.2.2") } };
        // Which replaces both servers.
        shape.dns = { ...shape.dns, resolvers: ["192.0.2.53"] };
        const { result, report } = await loaded({ dns }, () => loaded({ address: vips.west, http: 80 }, upUnderLoad));
        const { result: fromEast, report: toWest } = result;
        expect([report, toWest, fromEast.report].flatMap(failuresOf)).toEqual([]);
        expect(answersOf(toWest)).toEqual(["a", "b"]);
        expect(Object.keys(report.queries!.answers).sort()).toEqual(["192.0.2.1", "192.0.2.2"]);
    });

    it("goes on serving while the agents are upgraded", async () => {
        const installed = path.join(project.folder, "node_modules/pulumi-switchyard");
        cpSync(path.join(inject("installation"), "node_modules/pulumi-switchyard"), installed, { recursive: true });
        for (const agent of ["agent", "dns-agent"])
            appendFileSync(path.join(installed, `dist/runtime/${agent}.js`), "\n// another version\n");
        const { result, report } = await loaded({ dns }, upUnderLoad);
        expect([report, result.report].flatMap(failuresOf)).toEqual([]);
        expect(Object.keys(result.result.result).sort()).toEqual([
            "BalancerAgent east-agent",
            "BalancerAgent west-agent",
            "DnsAgent dns-ns1-agent",
            "DnsAgent dns-ns2-agent",
        ]);
        expect(result.report.streams!.ended + result.report.keepAlive!.ended).toBe(0);
    });

    it("is without service for no longer than a new gateway needs, while its image and what it publishes change", async () => {
        const image = path.join(project.folder, "node_modules/pulumi-switchyard/runtime/image/common");
        writeFileSync(path.join(image, "another"), "another version");
        shape.services["east"] = { publish: { address: "127.0.0.1", ports: [`${port}:80`, `${port + 1}:81`] } };
        const held = stream(vips.east, 7, GATEWAY_WITHIN_MS);
        const machine = await held.ask();
        const { result, report } = await loaded({ dns }, upUnderLoad);
        expect(await held.ask()).toBe(machine);
        held.close();
        expect(failuresOf(report)).toEqual([]);
        expect(result.report.streams!.ended).toBe(0);
        for (const [kind, { longestGapMs }] of Object.entries(result.report)) {
            console.log(`a new gateway: ${kind} had no answer for ${longestGapMs} ms`);
            expect(longestGapMs).toBeLessThan(GATEWAY_WITHIN_MS);
        }
        expect(await Promise.all([ask(port), ask(port + 1)])).toEqual(["a", "a"]);
    });
});
