import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { removeMadeByPlugin, usePulumiDocker } from "../support/pulumiDocker";
import { ask, freePort } from "../support/traffic";

describe.each(["4.5.0", "5.2.0"])("with @pulumi/docker %s, the example", (version) => {
    let example: Example;
    let port: number;

    beforeAll(async () => {
        example = new Example("with-pulumi-docker");
        usePulumiDocker(example.project, version);
        port = await freePort();
        await example.configure({ port, addresses: `10.${randomInt(200, 208)}.${randomInt(256)}.0/24` });
        await example.up();
    });
    afterAll(() => {
        example.remove();
        removeMadeByPlugin(example.project);
    });

    it("serves what was built, from machines and the container", async () => {
        expect(await ask(port)).toBe("version 1");
        const gateway = `${(await example.stack()).name}-contoso-gateway`;
        const healthy = () => docker("exec", gateway, "switchyard-agent", "status").match(/\bhealthy\b/g)?.length ?? 0;
        expect(healthy()).toBeGreaterThanOrEqual(3);
    });

    it("has nothing left to do, and leaves nothing behind", async () => {
        expect(await example.preview()).toEqual({});
        expect(await example.destroy()).toEqual([]);
        const filter = ["--quiet", "--filter", `label=switchyard-test=${example.project.name}`];
        expect([docker("ps", "--all", ...filter), docker("volume", "ls", ...filter)]).toEqual(["", ""]);
    });
});
