import { expect, it } from "vitest";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { renderDifference } from "../../runtime/balancer/rewrite";
import { network, observed } from "./support/configurations";

const interfaces = { publicInterface: "eth0", privateInterface: "eth1" };
const http = {
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
    probe: { protocol: "tcp" },
    members: { web1: { container: "web1", position: 0 }, web2: { container: "web2", position: 1 } },
};
const health = observed({
    "set/http/web1": "healthy 10.80.1.2",
    "set/http/web2": "healthy 10.80.1.3",
    "set/more/web1": "healthy 10.80.1.2",
    "set/more/web2": "healthy 10.80.1.3",
});
const planOf = (loadBalancedSets: object) =>
    compile(balancerConfiguration.parse({ loadBalancedSets }), network, health);

it("passes refusals on of a set that is not forgiving any more, though its members stay and others' rules change", () => {
    const more = { ...http, publicPort: 81 };
    const text = renderDifference(
        planOf({ http }),
        planOf({ http: { ...http, passiveDetection: false }, more }),
        interfaces,
        1,
    );
    expect(text.match(/^(add|delete) element .* forgiving .*$/gm)).toEqual([
        "delete element ip switchyard forgiving { 80 }",
        "add element ip switchyard forgiving { 81 }",
    ]);
    expect(text).not.toMatch(/element ip switchyard slots \{ 655360/);
});
