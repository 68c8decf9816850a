import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Images } from "./support/images";
import { Project, Steps } from "./support/project";
import { ask, freePort, underLoad } from "./support/traffic";

/** Every option of endpoints, sets, pools and load balancers: what its change shows, and that it takes effect in place. */
describe("the options of a balanced service", () => {
    let project: Project;
    let images: Images;
    let stack: Stack;
    let shape: { port: number; image: string };

    const options = {
        set: {
            probe: {
                protocol: "http",
                path: "/healthz",
                headers: { Host: "contoso.example" },
                expectedStatus: ["200-204"],
                intervalSeconds: 0.5,
                timeoutSeconds: 0.4,
                unhealthyThreshold: 3,
                healthyThreshold: 2,
                longestHoldDownSeconds: 10,
            },
            distribution: "sourceIP",
            sourcePrefixLength: 24,
            affinityGroup: "shop",
            resetOnDown: true,
            passiveDetection: false,
            allDown: "allUp",
            drainSeconds: 1,
            idleTimeoutMinutes: 10,
            maxConnections: 500,
        },
        twin: { distribution: "sourceIP", sourcePrefixLength: 24, affinityGroup: "shop" },
        inside: { internal: true },
        endpoint: {
            publicPort: "8000-8009",
            privatePort: "8080-8089",
            acl: [
                { order: 100, action: "permit", remoteSubnet: "192.0.2.0/24", description: "the office" },
                { order: 200, action: "deny", remoteSubnet: "0.0.0.0/0" },
            ],
            maxConnectionRatePerSource: { perSecond: 20, burst: 40 },
        },
        pool: { publicPorts: "9002-9009", idleTimeoutMinutes: 4 },
        metrics: { port: 9999 },
    };

    const members = [{ weight: 3 }, { adminState: "up" }, { priority: 2 }];

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "options");
        stack = await project.stack("options");
        shape = { port: await freePort(), image: images.version("web") };
    });

    afterAll(() => {
        project.remove();
        images.remove();
    });

    async function changesOf(operation: "preview" | "up"): Promise<Steps["byResource"]> {
        const steps = new Steps();
        await stack[operation]({ onEvent: steps.onEvent });
        return steps.byResource;
    }

    /** What the last change was, by resource. */
    let stepsOf: Steps["byResource"];

    /** The preview says what the update does, no request fails meanwhile, and nothing is left to do. */
    async function take(declared: object): Promise<void> {
        project.declare(stack, declared);
        stepsOf = await changesOf("preview");
        const { result, failures } = await underLoad(shape.port, () => changesOf("up"));
        expect(result).toEqual(stepsOf);
        expect(failures).toEqual([]);
        expect(await changesOf("preview")).toEqual({});
    }

    it("given none of them, then it serves, and an unchanged program has nothing to show", async () => {
        project.declare(stack, shape);
        await stack.up();
        expect(await ask(shape.port)).toBe("web");
        expect(await changesOf("preview")).toEqual({});
    });

    it("given all of them, then the preview names each by its path, and the update is made in place under load", async () => {
        await take({ ...shape, ...options });
        expect(stepsOf).toMatchSnapshot();
    });

    it("given shares of members, then they show by member; a group whose sets differ in them is refused", async () => {
        project.declare(stack, { ...shape, ...options, members });
        const steps = new Steps();
        await expect(stack.preview({ onEvent: steps.onEvent })).rejects.toThrow();
        expect(steps.errors.map(({ message }) => message).join()).toContain(
            "loadBalancedSets.twin.members.web1.weight: must be 3 as in set http, which is of affinity group shop too",
        );

        const { affinityGroup: _, ...alone } = options.set;
        const { affinityGroup: __, ...twin } = options.twin;
        await take({ ...shape, ...options, set: alone, twin, members });
        expect(stepsOf["LoadBalancer service"]!.changes).toEqual([
            "loadBalancedSets.http.affinityGroup",
            "loadBalancedSets.http.members.web1.weight",
            "loadBalancedSets.http.members.web2.adminState",
            "loadBalancedSets.http.members.web3.priority",
            "loadBalancedSets.twin.affinityGroup",
        ]);
    });

    it("given none again, then it serves as at first", async () => {
        await take(shape);
        expect(await ask(shape.port)).toBe("web");
    });
});
