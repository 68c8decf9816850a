import type { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { objectsOf } from "./support/docker";
import { Project, stepsOf } from "./support/project";

const CONFIGURATION = "DnsConfiguration dns-ns1-configuration";

/** What of a policy is hidden, and what an update of its server alone does; see changes/ for its options. */
describe("traffic policies", () => {
    let project: Project;
    let stack: Stack;

    beforeAll(async () => {
        project = new Project(inject("installation"), "policies");
        stack = await project.stack("policies");
    });
    afterAll(() => project.remove());

    it("a secret in a monitor hides itself, and nothing beside it", async () => {
        const shownFor = async (shape: object) => {
            project.declare(stack, shape);
            const { changes } = (await stepsOf(stack, "preview"))[CONFIGURATION]!;
            return changes.filter((change) => change.includes("Subnet"));
        };
        project.declare(stack, { token: "one", path: "/a" });
        await stack.up();
        expect(await shownFor({ token: "one", path: "/b" })).toEqual(["policies.Subnet.monitor.path"]);
        const header = "policies.Subnet.monitor.headers.Authorization";
        expect(await shownFor({ token: "two", path: "/a" })).toEqual([header]);
    });

    it("an update of a server alone applies the policies as their rows are, not as the program has them", async () => {
        project.declare(stack, {
            policies: { Weighted: { ttlSeconds: 30, endpoints: { a: { weight: 5 } } } },
            manager: { addressTtlSeconds: 77 },
        });
        const target = ["**DnsConfiguration**"];
        for (const operation of ["preview", "up"] as const) {
            const steps = await stepsOf(stack, operation, { target });
            expect(Object.keys(steps)).toEqual([CONFIGURATION]);
            // Of what held a secret, the program is all that can be told.
            const changes = steps[CONFIGURATION]!.changes.filter((change) => !change.includes("monitor"));
            expect(changes).toEqual(["addressTtlSeconds"]);
        }
        const { [CONFIGURATION]: rest } = await stepsOf(stack, "preview");
        expect(rest!.changes).toEqual(["policies.Weighted.endpoints.a.weight", "policies.Weighted.ttlSeconds"]);
    });

    it("leaves nothing behind", async () => {
        await stack.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});
