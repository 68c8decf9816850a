import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { watched } from "./support/health";
import { Images } from "./support/images";
import { ECHO_PORT, failuresOf, loaded, SERVE, type LoadReport } from "./support/load";
import { Project, Steps } from "./support/project";

type Named = Record<string, Record<string, unknown>>;

/** Every kind of change to what serves, while clients of every kind count what fails. */
describe("a stack under load", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: Record<"services" | "machines" | "sets", Named>;
    let address: string;
    let gateway: string;
    let version: Record<"a" | "b", string>;

    const probe = { protocol: "http", path: "/healthz", port: 8080, intervalSeconds: 0.25 };
    const web = { service: "east", protocol: "tcp", privatePort: 8080, probe, drainSeconds: 1 };
    const echo = { ...web, privatePort: ECHO_PORT, probe: { protocol: "tcp", port: ECHO_PORT, intervalSeconds: 0.25 } };
    const names = ["web1", "web2", "web3"];
    const machine = (image: string, others: object = {}) => ({ service: "east", image, command: SERVE, ...others });
    const machines = (image: string, others: object = {}): Named => ({
        ...shape.machines,
        ...Object.fromEntries(names.map((name) => [name, machine(image, others)])),
    });

    beforeAll(async () => {
        images = new Images();
        version = { a: images.version("a"), b: images.version("b") };
        project = new Project(inject("installation"), "described");
        stack = await project.stack("load");
        shape = {
            services: { east: {} },
            machines: {},
            sets: {
                http: { ...web, publicPort: 80, members: names },
                tcp: { ...echo, publicPort: 7, members: names },
                udp: { ...echo, protocol: "udp", publicPort: 7, members: names },
                alone: { ...web, publicPort: 81, members: ["web1"] },
            },
        };
        shape.machines = machines(version.a);
        project.declare(stack, shape);
        const { outputs } = await stack.up();
        address = outputs["virtualIps"]!.value.east;
        gateway = outputs["gateways"]!.value.east;
    });
    afterAll(() => {
        project.remove();
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
        return loaded({ address, http: 80, tcp: 7, udp: 7 }, () => watched(gateway, up));
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
        expect(result.fewest).toMatchObject({ http: 2, tcp: 2, udp: 2, alone: 0 });
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
});
