import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Example } from "../support/example";
import type { Steps } from "../support/project";
import { ask, freePort, underLoad } from "../support/traffic";

/** What a step changes, by resource; the preview of a step must say the same as its update. */
type Changes = Steps["byResource"];

const created = (...resources: string[]): Changes =>
    Object.fromEntries(resources.map((resource) => [resource, { op: "create", changes: [] }]));

describe("the portal's four steps, from gallery", () => {
    let example: Example;
    let port: number;

    beforeAll(async () => {
        example = new Example("gallery");
        port = await freePort();
        await example.configure({ port });
    });
    afterAll(() => example.remove());

    /** Previews and makes a step while clients ask, and sees that no request fails and nothing is left to do. */
    async function take(step: number, changes: Changes): Promise<string[]> {
        await example.configure({ step });
        expect(await example.preview()).toEqual(changes);
        const { result, answers, failures } = await underLoad(port, () => example.up());
        expect(result).toEqual(changes);
        expect(failures).toEqual([]);
        expect(await example.preview()).toEqual({});
        return Object.keys(answers).sort();
    }

    it("1: create the first virtual machine", async () => {
        await example.configure({ step: 1 });
        const changes = {
            ...created(
                `Stack ${example.project.name}-${(await example.stack()).name}`,
                "CloudService contoso",
                "VirtualMachine web1",
            ),
            ...created("PublicNetwork public", "PrivateNetwork contoso-private", "RuntimeImage contoso-image"),
            ...created("RuntimeVolume contoso-state", "Gateway contoso-gateway", "BalancerAgent contoso-agent"),
            ...created("GalleryImage gallery-web", "Endpoint web1-http", "LoadBalancer contoso"),
        };
        expect(await example.preview()).toEqual(changes);
        expect(await example.up()).toEqual(changes);
        expect(await example.preview()).toEqual({});
        expect(await ask(port)).toBe("web1");
    });

    it("2: create additional virtual machines in the same cloud service", async () => {
        const changes = created("VirtualMachine web2", "VirtualMachine web3");
        expect(await take(2, changes)).toEqual(["web1"]);
    });

    it("3: create a load-balanced set with the first virtual machine", async () => {
        const changes = {
            ...created("LoadBalancedSet http"),
            "LoadBalancer contoso": { op: "update", changes: ['endpoints["web1-http"]', "loadBalancedSets.http"] },
            "Endpoint web1-http": { op: "delete", changes: [] },
        };
        expect(await take(3, changes)).toEqual(["web1"]);
    });

    it("4: add virtual machines to the load-balanced set", async () => {
        const members = ["loadBalancedSets.http.members.web2", "loadBalancedSets.http.members.web3"];
        const changes = {
            "LoadBalancedSet http": { op: "update", changes: ["virtualMachines.web2", "virtualMachines.web3"] },
            "LoadBalancer contoso": { op: "update", changes: members },
        };
        await take(4, changes);
        const answers = await Promise.all(Array.from({ length: 60 }, () => ask(port)));
        expect([...new Set(answers)].sort()).toEqual(["web1", "web2", "web3"]);
    });

    it("and back: nothing stays behind", async () => {
        expect(await example.destroy()).toEqual([]);
    });
});
