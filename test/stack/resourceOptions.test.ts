import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type * as Switchyard from "../../sdk";
import { removeAll } from "./support/cleanUp";
import { docker, objectsOf } from "./support/docker";
import { Images } from "./support/images";
import { InlineProject } from "./support/inlineProject";
import { rowOf, Steps } from "./support/project";

type CustomOptions = pulumi.CustomResourceOptions;

/** What the program gives beside what it always does. */
interface Shape {
    /** Is registered with the stack. */
    transform?: pulumi.ResourceTransform;
    transformation?: pulumi.ResourceTransformation;
    group?: boolean;
    service?: pulumi.ComponentResourceOptions;
    machine?: CustomOptions & { args?: Partial<Switchyard.VirtualMachineArgs>; without?: string };
    set?: CustomOptions & { args?: Partial<Switchyard.LoadBalancedSetArgs>; weight?: number };
    endpoint?: CustomOptions & { args?: Partial<Switchyard.EndpointArgs> };
    balancer?: CustomOptions;
    policy?: CustomOptions & { args?: { ttlSeconds: number } };
    hooks?: boolean;
    /** Of the machines, with the cloud service. */
    deletedWith?: boolean;
}

/** A provider of dynamic resources with a name of its own. */
class Named extends pulumi.ProviderResource {
    constructor(name: string) {
        super("pulumi-nodejs", name, {});
    }
}

/** Pulumi's own options on all that the package makes. */
describe("Pulumi's resource options", () => {
    let project: InlineProject;
    let images: Images;
    let image: string;
    let stack: Stack;
    let shape: Shape = {};
    const hooked: string[] = [];

    async function program(): Promise<void> {
        const { switchyard } = project;
        const { transform, transformation, group, hooks } = shape;
        if (transform) pulumi.runtime.registerResourceTransform(transform);
        if (transformation) pulumi.runtime.registerStackTransformation(transformation);
        const parent = group ? new pulumi.ComponentResource("test:index:Group", "group") : undefined;
        const moved = parent && { parent, aliases: [{ parent: pulumi.rootStackResource }] };
        const lan = new switchyard.PublicNetwork("lan");
        const first = new switchyard.PublicNetwork("first");
        const providers = { "pulumi-nodejs": new Named("named") };
        const cloudService = new switchyard.CloudService(
            "service",
            { publicNetwork: lan },
            { ...moved, dependsOn: first, providers, ...shape.service },
        );
        // Two of one name would leave Pulumi waiting for ever.
        const hook = (name: string) =>
            new pulumi.ResourceHook(name, (about) => void hooked.push(`${name} ${about.name}`));
        const called = hooks && { hooks: { beforeCreate: [hook("before")], afterCreate: [hook("after")] } };
        const { args: machineArgs, without, ...machineOptions } = shape.machine ?? {};
        const machines = ["web1", "web2", "web3"]
            .filter((name) => name !== without)
            .map(
                (name) =>
                    new switchyard.VirtualMachine(
                        name,
                        { cloudService, image, ...machineArgs },
                        {
                            ...moved,
                            ...machineOptions,
                            ...called,
                            ...(shape.deletedWith && { deletedWith: cloudService }),
                        },
                    ),
            );
        const { args: setArgs, weight, ...setOptions } = shape.set ?? {};
        const http = new switchyard.LoadBalancedSet(
            "http",
            {
                protocol: "tcp",
                publicPort: 80,
                privatePort: 8080,
                virtualMachines: machines.map((virtualMachine) => ({ virtualMachine, weight })),
                probe: { protocol: "http", path: "/healthz", intervalSeconds: 0.5 },
                drainSeconds: 1,
                ...setArgs,
            },
            { ...moved, ...setOptions },
        );
        const { args: endpointArgs, ...endpointOptions } = shape.endpoint ?? {};
        const one = new switchyard.Endpoint(
            "one",
            { protocol: "tcp", publicPort: 83, privatePort: 8080, virtualMachine: machines[0]!, ...endpointArgs },
            { ...moved, ...endpointOptions },
        );
        const { args: policyArgs, ...policyOptions } = shape.policy ?? {};
        const policy = new switchyard.TrafficPolicy(
            "shop",
            { method: "RoundRobin", endpoints: { a: { cloudService, alwaysServe: true } }, ...policyArgs },
            { ...moved, ...policyOptions },
        );
        new switchyard.LoadBalancer(
            "service",
            { cloudService, endpoints: [http, one] },
            { ...moved, ...shape.balancer },
        );
        const names = { domain: "trafficmanager.example", cloudServiceDomain: "cloudapp.example" };
        const dns = new switchyard.TrafficManager(
            "dns",
            { ...names, policies: [policy] },
            { dependsOn: first, providers: Object.values(providers) },
        );
        new switchyard.PublicNetwork("last", {}, { dependsOn: [cloudService, dns] });
    }

    beforeAll(async () => {
        images = new Images();
        image = images.version("web");
        project = new InlineProject(inject("installation"));
        stack = await project.stack("fit", program);
    });
    afterAll(() => removeAll(project, images));

    async function changesOf(operation: "preview" | "up", given: Shape): Promise<Steps["byResource"]> {
        shape = given;
        const steps = new Steps();
        await stack[operation]({ onEvent: steps.onEvent });
        return steps.byResource;
    }

    /** The preview tells what the update does, and nothing is left to do. */
    async function take(given: Shape): Promise<Steps["byResource"]> {
        const preview = await changesOf("preview", given);
        expect(await changesOf("up", given)).toEqual(preview);
        expect(await changesOf("preview", given)).toEqual({});
        return preview;
    }

    /** What comes before what: a step that has ended before another begins. */
    async function orderOfUpdate() {
        const events: string[] = [];
        await stack.up({
            onEvent({ resourcePreEvent, resOutputsEvent }) {
                if (resourcePreEvent) events.push(`begins ${rowOf(resourcePreEvent.metadata.urn)}`);
                if (resOutputsEvent) events.push(`ends ${rowOf(resOutputsEvent.metadata.urn)}`);
            },
        });
        const at = (what: string) => {
            expect(events).toContain(what);
            return events.indexOf(what);
        };
        return {
            began: events.filter((event) => event.startsWith("begins ")).map((event) => event.slice("begins ".length)),
            isBefore: (one: string, other: string) => at(`ends ${one}`) < at(`begins ${other}`),
        };
    }

    async function resource(type: string, name: string): Promise<Record<string, any>> {
        const { resources } = (await stack.exportStack()).deployment as { resources: Record<string, any>[] };
        return resources.find(({ urn }) => urn.endsWith(`switchyard:${type}::${name}`))!;
    }

    it("components wait for what they depend on, and who depends on them for all their parts; providers, hooks and additionalSecretOutputs do what they say, and an unchanged program shows nothing", async () => {
        shape = { hooks: true, machine: { additionalSecretOutputs: ["address"] } };
        const order = await orderOfUpdate();
        const parts = order.began.filter((row) => /^(?!CloudService|TrafficManager)\w+ (service|dns)-/.test(row));
        expect(parts.length).toBeGreaterThan(8);
        for (const part of parts) {
            expect([part, order.isBefore("PublicNetwork first", part)]).toEqual([part, true]);
            expect([part, order.isBefore(part, "PublicNetwork last")]).toEqual([part, true]);
        }
        for (const part of ["Gateway service-gateway", "DnsServer dns-ns1"])
            expect((await resource(...(part.split(" ") as [string, string]))).provider).toContain("::named::");
        const names = ["web1", "web2", "web3"];
        expect(hooked.sort()).toEqual(["after", "before"].flatMap((when) => names.map((name) => `${when} ${name}`)));
        expect((await resource("VirtualMachine", "web1")).outputs.address).toHaveProperty("plaintext");
        expect(await changesOf("preview", {})).toEqual({});
    });

    const ACL = { "100": { action: "permit", remoteSubnet: "192.0.2.0/24" } };
    const transform: pulumi.ResourceTransform = ({ type, props, opts }) => {
        if (type.endsWith(":Endpoint")) return { props: { ...props, acl: ACL }, opts };
        if (type.endsWith(":TrafficPolicy")) return { props: { ...props, ttlSeconds: 77 }, opts };
        return undefined;
    };

    it("what transforms change is what is applied", async () => {
        const transformation: pulumi.ResourceTransformation = ({ type, props, opts }) =>
            type.endsWith(":LoadBalancedSet") ? { props: { ...props, maxConnections: 70 }, opts } : undefined;
        const own: pulumi.ResourceTransform = ({ props, opts }) => ({ props: { ...props, drainSeconds: 2 }, opts });
        expect(await take({ transform, transformation, set: { transforms: [own] } })).toEqual({
            "Endpoint one": { op: "update", changes: ["acl"] },
            "LoadBalancedSet http": { op: "update", changes: ["drainSeconds", "maxConnections"] },
            "LoadBalancer service": {
                op: "update",
                changes: [
                    "endpoints.one.acl",
                    "loadBalancedSets.http.drainSeconds",
                    "loadBalancedSets.http.maxConnections",
                ],
            },
            "TrafficPolicy shop": { op: "update", changes: ["ttlSeconds"] },
            "DnsConfiguration dns-ns1-configuration": { op: "update", changes: ["policies.shop.ttlSeconds"] },
        });
    });

    it("what ignoreChanges ignores is not applied, at any depth", async () => {
        const ignored: Shape = {
            transform,
            machine: { ignoreChanges: ["image"], args: { image: "switchyard.invalid/other:1" } },
            endpoint: { ignoreChanges: ["publicPort"], args: { publicPort: 84 } },
            set: {
                ignoreChanges: ["probe.intervalSeconds", "drainSeconds", "maxConnections", "virtualMachines"],
                args: { probe: { protocol: "http", path: "/healthz", intervalSeconds: 9 } },
                weight: 3,
            },
            policy: { ignoreChanges: ["ttlSeconds"], args: { ttlSeconds: 5 } },
        };
        expect(await take(ignored)).toEqual({});
        expect(
            await take({
                transform,
                set: { ...ignored.set, ignoreChanges: ["drainSeconds", "maxConnections", "virtualMachines"] },
                balancer: { ignoreChanges: ["loadBalancedSets.http.probe.intervalSeconds"] },
                policy: { ignoreChanges: ["ttlSeconds"] },
            }),
        ).toEqual({ "LoadBalancedSet http": { op: "update", changes: ["probe.intervalSeconds"] } });
        const { endpoints, loadBalancedSets } = (await resource("LoadBalancer", "service")).inputs;
        expect(endpoints.one.publicPort).toBe(83);
        expect(loadBalancedSets.http.probe.intervalSeconds).toBe(0.5);
        expect((await resource("TrafficPolicy", "shop")).inputs.ttlSeconds).toBe(77);
        await changesOf("up", { transform, set: { ignoreChanges: ["drainSeconds", "maxConnections"] } });
    });

    it("a new parent with aliases is no change, and protect and transforms of a component reach what it is made of", async () => {
        const kept: Shape = { transform, group: true, set: { ignoreChanges: ["drainSeconds", "maxConnections"] } };
        expect(await changesOf("up", kept)).toEqual({ "Group group": { op: "create", changes: [] } });
        const seen: string[] = [];
        const watch: pulumi.ResourceTransform = ({ name }) => void seen.push(name);
        await changesOf("up", { ...kept, service: { protect: true, transforms: [watch] } });
        expect(seen.sort()).toEqual(
            ["", "-agent", "-gateway", "-image", "-private", "-state"].map((part) => `service${part}`),
        );
        expect((await resource("Gateway", "service-gateway")).protect).toBe(true);
        await expect(stack.destroy()).rejects.toThrow(/protect/);
        await changesOf("up", kept);
    });

    it.each(["besides", "deleteFirst"] as const)(
        "replaceOnChanges replaces a machine (%s) as its image would",
        async (replaceMode) => {
            const kept: Shape = { transform, group: true, set: { ignoreChanges: ["drainSeconds", "maxConnections"] } };
            const mode = replaceMode === "deleteFirst" ? { replaceMode } : {};
            await changesOf("up", { ...kept, machine: { args: { ...mode } } });
            const before = await resource("VirtualMachine", "web1");
            const readySeconds = replaceMode === "deleteFirst" ? 50 : 40;
            const steps = await take({
                ...kept,
                machine: { replaceOnChanges: ["readySeconds"], args: { ...mode, readySeconds } },
            });
            expect(steps["VirtualMachine web1"]!.op).toMatch(/replace/);
            const after = await resource("VirtualMachine", "web1");
            expect(after.outputs.containerId).not.toBe(before.outputs.containerId);
        },
    );

    it("retainOnDelete leaves a machine to run, also without its network, and deletedWith its cloud service the others go", async () => {
        const retained = (await resource("VirtualMachine", "web3")).outputs.name as string;
        const kept: Shape = { transform, group: true, machine: { retainOnDelete: true } };
        await changesOf("up", kept);
        await changesOf("up", { ...kept, deletedWith: true, machine: { without: "web3" } });
        const { members } = (await resource("LoadBalancer", "service")).inputs.loadBalancedSets.http;
        expect(Object.keys(members)).toEqual(["web1", "web2"]);
        const seen = () =>
            docker("inspect", "--format", "{{.State.Running}} {{len .NetworkSettings.Networks}}", retained);
        expect(seen()).toBe("true 1");
        await stack.destroy();
        expect(seen()).toBe("true 0");
        docker("rm", "--force", retained);
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});
