import { afterAll, beforeAll, expect, it } from "vitest";
import { switchyard } from "./support/command";
import { DnsUnderTest } from "./support/dns";
import { removeEverythingOf } from "./support/host";
import { ProviderProcess } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
const ours = ["--stack", stack.name];
let provider: ProviderProcess;
beforeAll(async () => {
    provider = await ProviderProcess.start();
});
afterAll(async () => {
    await provider.stop();
    await removeEverythingOf(stack);
});

const contoso = (ttlSeconds: number) => ({
    contoso: {
        method: "Failover",
        prefix: "contoso",
        ttlSeconds,
        endpoints: {
            east: { address: "192.0.2.10", priority: 1, alwaysServe: true, enabled: false },
            west: { address: "192.0.2.20", priority: 2, alwaysServe: true },
        },
    },
});

it("given a real DNS server, then its status, explanations and revisions are told, and it can be rolled back", async () => {
    const dns = new DnsUnderTest(provider, stack);
    await dns.start({});
    const name = dns.server.properties["name"] as string;
    const made = await dns.make("dnsConfiguration", "ns1-dns", dns.configuration({ policies: contoso(300) }));
    await dns.change(made, dns.configuration({ policies: contoso(30) }));

    const status = await switchyard("status", ...ours);
    expect(status).toMatchObject({ code: 0, error: "" });
    expect(status.out).toMatch(new RegExp(`^DNS server ${name} of stack [^]*contoso`));

    const explained = await switchyard("explain", "contoso", "--client", "203.0.113.5", ...ours);
    expect(explained).toMatchObject({ code: 0, error: "" });
    expect(explained.out).toMatch(/^contoso\.trafficmanager\.test for client 203\.0\.113\.5, TTL 30 s\n/);
    expect(explained.out).toMatch(/\nanswer\n {2}A +192\.0\.2\.20 +100 %\n$/);

    const [listed] = JSON.parse((await switchyard("revisions", ...ours, "--json")).out);
    expect(listed).toMatchObject({
        name,
        revisions: [
            { revision: 2, serves: true },
            { revision: 1, serves: false },
        ],
    });
    expect(listed.revisions[0].changes).toEqual(["policies.contoso.ttlSeconds: 300 => 30"]);

    const before = listed.revisions[1].hash as string;
    const back = await switchyard("rollback", before.slice(0, 6), ...ours);
    expect(back).toMatchObject({
        code: 0,
        error: expect.stringContaining("the next pulumi preview shows this as drift"),
    });
    expect(back.out).toContain(
        `returned to ${before}, as revision 3; what changed:\n      policies.contoso.ttlSeconds: 30 => 300\n`,
    );
    const after = await switchyard("explain", "contoso", "--client", "203.0.113.5", ...ours, "--json");
    expect(JSON.parse(after.out)).toMatchObject([{ name, explanation: { ttlSeconds: 300 } }]);

    const again = await switchyard("rollback", before, ...ours);
    expect(again).toMatchObject({ code: 1, out: expect.stringMatching(/problem: revision 3 \(\w+\) serves already/) });
});
