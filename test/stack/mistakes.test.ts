import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { objectsOf } from "./support/docker";
import { errorsOf, Project } from "./support/project";

const levels = Array.from({ length: 11 }, (_, index) => `level${index + 1}`).join(" → ");
let project: Project;

beforeAll(() => {
    project = new Project(inject("installation"), "mistakes");
});
afterAll(() => project.remove());

describe.concurrent("a preview refuses, with what to do about it,", () => {
    it.each<[string, string, string[]]>([
        [
            "limits-of-a-set",
            "LoadBalancedSet http",
            [
                'publicPort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 0)',
                'privatePort: must be a port between 1 and 65535, or a range such as "5000-5010" (got 70000)',
                'probe.path: must start with "/" (got "healthz")',
                "probe.timeoutSeconds: must not exceed intervalSeconds (5) (got 6)",
                'allDown: must be one of "reject", "allUp" (got "ignore")',
            ],
        ],
        [
            "limits-of-a-machine",
            "VirtualMachine web_1-",
            [
                "alias: must be usable as a host name: at most 63 letters, digits, '-' and '_', " +
                    'starting and ending with a letter or digit (got "web_1-")',
                "size.cpus: must be between 0.01 and 1024 (got 0)",
                'size.memory: must be an amount of memory such as "512MiB" or "2GiB", or a number of bytes ' +
                    '(got "1 kilo")',
                'restart: must be one of "unless-stopped", "always", "on-failure", "no" (got "sometimes")',
            ],
        ],
        [
            "two-owners-of-a-port",
            "LoadBalancer east",
            ["loadBalancedSets.http.publicPort: tcp 80 already belongs to endpoint admin (got 80)"],
        ],
        [
            "address-elsewhere",
            "Gateway west-gateway",
            ['virtualIp: must be a host address of the public network 10.225.7.0/24 (got "10.225.8.4")'],
        ],
        [
            "equal-priorities",
            "TrafficPolicy contoso",
            ["endpoints.west.priority: must differ from that of endpoint east (got 1)"],
        ],
        [
            "many-values-of-names",
            "TrafficPolicy contoso",
            [
                "endpoints.east.cloudService: must be an address: a MultiValue policy answers with several of them " +
                    '(got "east")',
            ],
        ],
        [
            "policies-of-one-prefix",
            "DnsConfiguration dns-ns1-configuration",
            [
                "policies.store.prefix: would be www.contoso.trafficmanager.example, which already is policy shop " +
                    '(got "www.contoso")',
            ],
        ],
        [
            "nowhere-to-be-near",
            "DnsConfiguration dns-ns1-configuration",
            [
                "policies.contoso.endpoints.east.location: is required by the method Performance, or for its cloud service",
            ],
        ],
        [
            "nested-too-deep",
            "DnsConfiguration dns-ns1-configuration",
            ["policies.level1.endpoints: must not nest more than 10 policies deep: " + levels],
        ],
    ])("%s", async (mistake, resource, problems) => {
        const [kind, name] = resource.split(" ");
        const subject = `pulumi-nodejs:dynamic/switchyard:${kind} resource '${name}'`;
        expect(await refusalOf(mistake)).toEqual(
            problems.map((problem) => `${resource}: ${subject} has a problem: ${problem}`),
        );
    });

    it("a virtual machine of another cloud service, already in the program", async () => {
        const message =
            "LoadBalancedSet http has a problem: virtualMachines[1]: must be a virtual machine of cloud service east, as web is " +
            "(got stranger of cloud service west)";
        expect(await refusalOf("machine-of-another-service")).toEqual([`LoadBalancedSet http: ${message}`]);
    });
});

async function refusalOf(mistake: string): Promise<string[]> {
    const stack = await project.stack(mistake);
    project.declare(stack, { mistake });
    return errorsOf(stack, "preview");
}

it("nothing is made by a preview", () => {
    expect(objectsOf(project.name)).toEqual({ container: [], network: [], volume: [] });
});
