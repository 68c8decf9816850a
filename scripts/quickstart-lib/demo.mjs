// What is now true, on one screen: who serves, how requests are spread, and what happens to them when a machine stops.
//   node scripts/quickstart-lib/demo.mjs <url> <gateway>
import { setTimeout as sleep } from "node:timers/promises";
import agents from "../../dist/provider/control/agents.js";
import runtimes from "../../dist/provider/control/runtimes.js";
import hosts from "../../dist/provider/docker/host.js";
import { requests, Traffic } from "./traffic.mjs";

const [url, gateway] = process.argv.slice(2);
const SET = "http";
const REQUESTS = 300;
const VICTIM = "web2";
const LONGEST_MS = 30_000;
/** How long requests go on after the effect, to see that it lasts. */
const AFTERWARDS_MS = 1_500;

const host = await hosts.connect();
const agent = agents.agentOf(host, runtimes.GATEWAY, gateway);

const status = await agent.status();
const { members } = status.loadBalancedSets[SET];
const { configuration } = await agent.configuration();
const { publicPort, probe } = configuration.loadBalancedSets[SET];

print();
print(`${url} leads to ${status.network.virtualIp}:${publicPort}, the public address (VIP) of the cloud service`);
print();
await showMembers();
print();
const seconds = probe.intervalSeconds === 1 ? "second" : `${probe.intervalSeconds} seconds`;
print(`One machine is stopped and started again under load; its probe runs every ${seconds}:`);
await showStop();
await showStart();
print();
print("Next, in this folder:");
print("  . scripts/env && use_local_backend       once in a shell: the Pulumi CLI, and where its state is");
const other = probe.intervalSeconds === 5 ? 1 : 5;
print(
    `  sed -i 's/intervalSeconds: ${probe.intervalSeconds} /intervalSeconds: ${other} /' examples/quickstart/index.ts`,
);
print("  pulumi preview --diff                    shows that one change, and nothing else");
print("  pulumi up                                makes it");
print(`  docker exec ${gateway} switchyard-agent status`);
print("                                           who receives connections, who does not and why, the last changes");
print("  npm run quickstart -- --destroy          removes everything");
agent.close();

async function showMembers() {
    const answers = await requests(url, REQUESTS);
    const failed = answers.filter(({ error }) => error).length;
    const rows = Object.entries(members).map(([name, { container, address, status, reason, since }]) => {
        const count = answers.filter(({ answer }) => answer === name).length;
        const health = status === "healthy" ? `healthy for ${duration(Date.now() - since)}` : `${status}: ${reason}`;
        return [name, container, address ?? "-", health, `${`${count}`.padStart(3)} ${"#".repeat(count / 5)}`];
    });
    table([["member", "container", "address", "health", `of ${REQUESTS} requests`], ...rows]);
    if (failed > 0) print(`${failed} failed`);
}

async function showStop() {
    const { container } = members[VICTIM];
    const { results, from } = await underLoad(
        () => host.docker.getContainer(container).stop(),
        async () => (await health()) !== "healthy",
    );
    const hit = results.filter(({ sentAt, answer, error }) => sentAt >= from && (error || answer === VICTIM));
    const last = Math.max(from, ...hit.map(({ sentAt }) => sentAt));
    report(`docker stop ${container}`, results, `after ${inSeconds(last - from)} none went to it any more`);
}

async function showStart() {
    const { container } = members[VICTIM];
    const { results, from } = await underLoad(
        () => host.docker.getContainer(container).start(),
        async () => (await health()) === "healthy",
    );
    const first = results.find(({ sentAt, answer }) => sentAt >= from && answer === VICTIM);
    const words = first ? `after ${inSeconds(first.sentAt - from)} it was back` : "it is not back yet";
    report(`docker start ${container}`, results, words);
}

/** Does something while requests are sent, and goes on until its effect is there and a little longer. */
async function underLoad(action, hasEffect) {
    const traffic = new Traffic(url);
    await sleep(300);
    const from = performance.now();
    await action();
    while (!(await hasEffect()) && performance.now() - from < LONGEST_MS) await sleep(50);
    await sleep(AFTERWARDS_MS);
    return { results: await traffic.stop(), from };
}

async function health() {
    return (await agent.status()).loadBalancedSets[SET].members[VICTIM].status;
}

function report(what, results, words) {
    const failures = results.filter(({ error }) => error);
    const reasons = [...new Set(failures.map(({ error }) => error))].join(", ");
    const why = reasons ? ` (${reasons}: it had not answered them yet)` : "";
    const width = `docker start ${members[VICTIM].container}`.length;
    print(`  ${what.padEnd(width)}   ${failures.length} of ${results.length} requests failed${why}; ${words}`);
}

function inSeconds(milliseconds) {
    return `${(milliseconds / 1000).toFixed(1)} s`;
}

function duration(milliseconds) {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function table(rows) {
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
    for (const row of rows)
        print(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd());
}

function print(line = "") {
    console.log(line);
}
