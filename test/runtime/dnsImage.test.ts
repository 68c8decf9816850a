import { Resolver } from "node:dns/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTEXT, docker, useBundle } from "./agent/docker";

const id = `switchyard-dns-image-test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;

/** Stands in for the agent, as far as the image knows it: starts gdnsd beside itself, and says when it is up. */
const AGENT = `
    const fs = require("node:fs"), { execFileSync, spawn } = require("node:child_process");
    const gdnsd = "/run/switchyard/gdnsd", bundle = require("node:path").basename(__filename, ".js");
    fs.mkdirSync(gdnsd + "/zones", { recursive: true });
    fs.writeFileSync(gdnsd + "/config", 'options => { listen => "0.0.0.0:53", run_dir => "/run/gdnsd", state_dir => "/run/gdnsd" }');
    const zone = "/var/lib/switchyard/zone";
    if (!fs.existsSync(zone)) fs.writeFileSync(zone, "@ SOA ns1 hostmaster 1 7200 900 1209600 30\\n@ NS ns1\\nns1 A 192.0.2.53\\nwww A 192.0.2.7\\n");
    fs.copyFileSync(zone, gdnsd + "/zones/example.test");
    try { execFileSync("gdnsdctl", ["-c", gdnsd, "status"], { stdio: "ignore" }); }
    catch { spawn("gdnsd", ["-c", gdnsd, "start"], { detached: true, stdio: "ignore" }).unref(); }
    fs.rmSync("/run/switchyard/agent.sock", { force: true });
    require("node:http").createServer((request, response) => response.end("serves " + request.url))
        .listen("/run/switchyard/agent.sock", () => fs.writeFileSync("/run/switchyard/ready", bundle));
    process.on("SIGTERM", () => process.exit(0));`;

describe("given a DNS server's container, made as a provider makes it", () => {
    const exec = (...command: string[]) => docker("exec", id, ...command);
    const pidOf = (name: string) =>
        exec(
            "sh",
            "-c",
            `for p in /proc/[0-9]*; do [ "$(cat $p/comm 2>/dev/null)" = ${name} ] && basename $p; done; true`,
        );
    let resolver: Resolver;

    beforeAll(async () => {
        await docker("build", "--quiet", "--tag", id, "--file", `${CONTEXT}/dns/Dockerfile`, CONTEXT);
        await docker("volume", "create", id);
        await docker(
            ...["run", "--detach", "--name", id, "--publish", "127.0.0.1::53/udp", "--cap-drop", "ALL"],
            ...[
                "--security-opt",
                "no-new-privileges",
                "--read-only",
                "--tmpfs",
                "/run:exec,mode=755,uid=5353,gid=5353",
                "--tmpfs",
                "/tmp",
            ],
            ...["--sysctl", "net.ipv4.ip_unprivileged_port_start=53", "--memory", "256m", "--pids-limit", "512"],
            ...["--volume", `${id}:/var/lib/switchyard`, "--restart", "unless-stopped", id],
        );
        await connect();
    }, 300_000);

    /** Docker chooses the published port anew at each start. */
    async function connect() {
        resolver = new Resolver({ timeout: 500, tries: 1 });
        resolver.setServers([await docker("port", id, "53/udp")]);
    }

    afterAll(async () => {
        await docker("rm", "--force", id).catch(() => {});
        await docker("volume", "rm", id).catch(() => {});
        await docker("rmi", id).catch(() => {});
    }, 60_000);

    async function answers() {
        await expect
            .poll(() => resolver.resolve4("www.example.test").catch(String), { timeout: 10_000 })
            .toEqual(["192.0.2.7"]);
    }

    it("when an agent is uploaded, then it runs and gdnsd with it, both as nobody's user, and what is on 53 is reached", async () => {
        await useBundle(id, AGENT);
        await answers();
        const owners = await exec("sh", "-c", "stat -c '%u' /proc/[0-9]* | sort -u");
        expect(owners).toBe("5353");
        expect(await exec("stat", "-c", "%u %a", "/run/gdnsd")).toBe("5353 700");
        expect(await exec("switchyard-agent", "status")).toBe("serves /v1/status.txt");
    });

    it("when the agent is killed, then gdnsd answers on, and the next agent finds it", async () => {
        const [agent, gdnsd] = [await exec("cat", "/run/switchyard/agent"), await pidOf("gdnsd")];
        expect(gdnsd).toMatch(/^\d+$/);
        await exec("sh", "-c", `kill -KILL ${agent.split(" ")[0]}`);
        await expect.poll(() => exec("cat", "/run/switchyard/agent"), { timeout: 10_000 }).not.toBe(agent);
        await answers();
        expect(await pidOf("gdnsd")).toBe(gdnsd);
    });

    it("when the supervisor's service is restarted, then gdnsd answers on", async () => {
        const gdnsd = await pidOf("gdnsd");
        await exec("s6-svc", "-wR", "-r", "/run/service/agent");
        await expect.poll(() => exec("switchyard-agent", "status").catch(String)).toContain("serves");
        expect(await pidOf("gdnsd")).toBe(gdnsd);
    });

    it("when the container is restarted, then the volume's agent runs again by itself", async () => {
        await docker("restart", "--time", "5", id);
        await connect();
        await answers();
    });

    it("when it is stopped, then it ends by itself and not by force", async () => {
        await docker("stop", "--time", "20", id);
        expect(await docker("inspect", "--format", "{{.State.ExitCode}}", id)).toBe("0");
    });
});
