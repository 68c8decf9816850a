import { afterAll, beforeAll, expect, it } from "vitest";
import { CloudServiceUnderTest, freePort } from "./support/cloudService";
import { switchyard } from "./support/command";
import { removeEverythingOf } from "./support/host";
import { ProviderProcess } from "./support/providerProcess";
import { TestStack } from "./support/resources";

const stack = new TestStack();
let provider: ProviderProcess;
beforeAll(async () => {
    provider = await ProviderProcess.start();
});
afterAll(async () => {
    await provider.stop();
    await removeEverythingOf(stack);
});

it("given a gateway that serves nothing yet, then switchyard status says what its own agent does", async () => {
    const east = new CloudServiceUnderTest(provider, stack);
    await east.start({ address: "127.0.0.1", ports: [`${await freePort()}:80`] });
    const virtualIp = east.resources["east-gateway"]!.properties["virtualIp"] as string;
    const text = await switchyard("status", "east-gateway", "--stack", stack.name);
    expect(text).toMatchObject({ code: 0, error: "" });
    expect(text.out).toMatch(
        new RegExp(`^gateway ${east.gateway} of stack .*\n${virtualIp} serves configuration revision 0`),
    );
    const { code, out } = await switchyard("status", "--stack", stack.name, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
        { name: east.gateway, kind: "gateway", status: { network: { virtualIp } } },
    ]);
});
