import { describe, expect, it } from "vitest";
import { resolve } from "../../sdk/resolve";

describe("the configuration that a load balancer applies", () => {
    it("is empty maps for no endpoints", () => {
        expect(resolve([], [])).toEqual({ endpoints: {}, loadBalancedSets: {} });
    });

    it("is keyed by the names of endpoints, sets and machines", () => {
        const ssh = { name: "ssh", settings: { publicPort: 22 } };
        const http = {
            name: "http",
            settings: { publicPort: 80 },
            machines: {
                web1: { container: "dev-web1-3", state: "running" },
                web2: { container: "dev-web2-1", state: "stopped" },
            },
        };
        expect(resolve<unknown>([ssh], [http])).toEqual({
            endpoints: { ssh: { publicPort: 22 } },
            loadBalancedSets: {
                http: {
                    publicPort: 80,
                    members: http.machines,
                },
            },
        });
    });

    it("does not depend on the order in which the program lists endpoints", () => {
        const [a, b] = ["a", "b"].map((name) => ({ name, settings: {} }));
        expect(resolve([a!, b!], [])).toEqual(resolve([b!, a!], []));
    });

    it("passes values through as they are, known or not", () => {
        const eventual = Promise.resolve(80);
        const { endpoints, loadBalancedSets } = resolve<unknown>(
            [{ name: "ssh", settings: { publicPort: eventual } }],
            [{ name: "http", settings: {}, machines: { web: { container: eventual, state: eventual } } }],
        );
        expect(endpoints.ssh!.publicPort).toBe(eventual);
        expect((loadBalancedSets.http!.members as any).web.container).toBe(eventual);
    });
});
