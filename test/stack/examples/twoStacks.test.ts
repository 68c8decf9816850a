import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ask } from "../../runtime/dns/client";
import { docker } from "../support/docker";
import { Example } from "../support/example";
import { freePort } from "../support/traffic";

const LONGEST = { timeout: 60_000, interval: 200 };

describe("a traffic manager over cloud services of another stack", () => {
    let services: Example;
    let manager: Example;
    let port: number;

    beforeAll(async () => {
        services = new Example("two-stacks/services");
        manager = new Example("two-stacks/traffic-manager", services);
        port = await freePort();
        await manager.configure({
            port,
            services: `organization/${services.project.name}/${(await services.stack()).name}`,
        });
    });
    afterAll(() => {
        manager.remove();
        services.remove();
    });

    const answersWith = (service: string) =>
        vi.waitFor(async () => {
            const { data } = await ask(port, "contoso.trafficmanager.example");
            expect(data).toEqual([`${service}.cloudapp.example`]);
        }, LONGEST);

    it("answers the first service, and the second while that does not serve", async () => {
        await services.up();
        await manager.up();
        await answersWith("contoso-east");
        const machine = await services.container("contoso-east-web");
        docker("stop", machine);
        await answersWith("contoso-west");
        docker("start", machine);
        await answersWith("contoso-east");
    });

    it("has nothing to do while the other stack is as it was, and follows its new address", async () => {
        expect(await manager.preview()).toEqual({});
        const program = path.join(services.project.folder, "index.ts");
        const west = /west = (.*);/;
        const text = readFileSync(program, "utf8");
        expect(text).toMatch(west);
        writeFileSync(program, text.replace(west, 'west = { ...$1, address: "203.0.113.10" };'));
        await services.up();
        const changes = {
            "DnsConfiguration contoso-ns1-configuration": {
                op: "update",
                changes: ['cloudServices["contoso-west"].addresses[0]'],
            },
        };
        expect(await manager.preview()).toEqual(changes);
        expect(await manager.up()).toEqual(changes);
        const { data } = await ask(port, "contoso-west.cloudapp.example");
        expect(data).toEqual(["203.0.113.10"]);
    });

    it("leaves nothing behind", async () => {
        expect(await manager.destroy()).toEqual([]);
        expect(await services.destroy()).toEqual([]);
    });
});
