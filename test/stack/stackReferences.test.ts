import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { objectsOf } from "./support/docker";
import { InlineProject } from "./support/inlineProject";
import { Steps } from "./support/project";

describe("a traffic manager over a cloud service of another stack", () => {
    let project: InlineProject;
    let service: Stack;
    let manager: Stack;
    let advertisedAddress = "203.0.113.10";

    beforeAll(async () => {
        project = new InlineProject(inject("installation"));
        const { switchyard } = project;
        service = await project.stack("service", async () => {
            const { advertisedAddress: address } = new switchyard.CloudService("west", { advertisedAddress });
            return { address };
        });
        manager = await project.stack("manager", async () => {
            const other = new pulumi.StackReference(`organization/${project.name}/${service.name}`);
            const address = other.requireOutput("address") as pulumi.Output<string>;
            const policy = new switchyard.TrafficPolicy("shop", {
                method: "RoundRobin",
                endpoints: { west: { cloudService: { name: "west", address }, alwaysServe: true } },
            });
            new switchyard.TrafficManager("dns", {
                domain: "trafficmanager.example",
                cloudServiceDomain: "cloudapp.example",
                policies: [policy],
            });
        });
        await service.up();
        await manager.up();
    });
    afterAll(() => project.remove());

    async function preview(): Promise<Steps["byResource"]> {
        const steps = new Steps();
        await manager.preview({ onEvent: steps.onEvent });
        return steps.byResource;
    }

    it("has nothing to do while the other stack is as it was", async () => {
        expect(await preview()).toEqual({});
    });

    it("shows the other stack's new address, and nothing else", async () => {
        advertisedAddress = "203.0.113.11";
        await service.up();
        expect(await preview()).toEqual({
            "DnsConfiguration dns-ns1-configuration": { op: "update", changes: ["cloudServices.west.addresses[0]"] },
        });
    });

    it("goes without the other stack's leave", async () => {
        await manager.destroy();
        await service.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});
