import { randomBytes } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { docker, objectsOf } from "../support/docker";
import { Example } from "../support/example";
import { freePorts } from "../support/traffic";

const MACHINE = path.join(__dirname, "../../../examples/ssh-acl/machine");
const image = `switchyard-test-${randomBytes(4).toString("hex")}:ssh`;
let example: Example;
let port: number;
let key: string;
let virtualIp: string;
let lan: string;

beforeAll(async () => {
    docker("build", "--quiet", "--tag", image, MACHINE);
    const [privateKey, publicKey] = generateKey();
    key = privateKey;
    example = new Example("ssh-acl");
    port = await freePorts(2);
    await example.configure({ port, image, publicKey, blocked: "203.0.113.66" });
    await example.up();
    virtualIp = await example.output("virtualIp");
    lan = objectsOf(example.project.name).network.find((name) => name.includes("lan"))!;
});
afterAll(() => {
    example.remove();
    docker("image", "rm", image);
});

function generateKey(): [string, string] {
    const make = "ssh-keygen -q -t ed25519 -N '' -f /tmp/key && cat /tmp/key && echo = && cat /tmp/key.pub";
    const [privateKey, publicKey] = docker("run", "--rm", image, "sh", "-c", make).split("\n=\n");
    return [privateKey!, publicKey!];
}

/** What `hostname` or ssh says, from a container that the arguments of docker make or name. */
function login(from: string[], address: string, port: number): string {
    const options = "-o StrictHostKeyChecking=no -o BatchMode=yes -o ConnectTimeout=4 -o LogLevel=ERROR";
    const session = `ssh -i /tmp/key ${options} -p ${port} root@${address} hostname 2>&1 || true`;
    const script = `umask 077; echo "$KEY" > /tmp/key; ${session}`;
    return docker(from[0]!, "--env", `KEY=${key}`, ...from.slice(1), "bash", "-c", script);
}

const fromHost = ["run", "--rm", "--network", "host", image];
const fromLan = () => ["run", "--rm", "--network", lan, image];

it("lets the host and the lan in, each port to its machine", () => {
    expect(login(fromHost, "127.0.0.1", port)).toBe("web1");
    expect(login(fromHost, "127.0.0.1", port + 1)).toBe("web2");
    expect(login(fromLan(), virtualIp, 2202)).toBe("web2");
});

it("lets nobody in whom no rule permits", async () => {
    expect(login(["exec", await example.container("web2")], virtualIp, 2201)).toContain("timed out");
});

it("shuts out one of those who were permitted, by a change of one rule", async () => {
    const host = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", lan);
    await example.configure({ blocked: host });
    const rule = "acl.100.remoteSubnet";
    expect(await example.up()).toEqual({
        "Endpoint web1-ssh": { op: "update", changes: [rule] },
        "Endpoint web2-ssh": { op: "update", changes: [rule] },
        "LoadBalancer contoso": {
            op: "update",
            changes: [`endpoints["web1-ssh"].${rule}`, `endpoints["web2-ssh"].${rule}`],
        },
    });
    expect(login(fromHost, "127.0.0.1", port)).toContain("timed out");
    expect(login(fromLan(), virtualIp, 2201)).toBe("web1");
});

it("has nothing left to do, and leaves nothing behind", async () => {
    expect(await example.preview()).toEqual({});
    expect(await example.destroy()).toEqual([]);
});
