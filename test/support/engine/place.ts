import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

// Short, because a unix socket's path must be, and not $TMPDIR, which may be gone when an engine is to be.
const FOLDERS = "/tmp";
const PREFIX = "switchyard-engine-";

/** Where a test's Docker Engine lives: a folder, and a network namespace with a cable to this machine. */
export class Place {
    readonly folder: string;
    readonly namespace: string;
    /** The engine's own address, which this machine reaches. */
    readonly address: string;
    /** This machine's address as the engine sees it. */
    readonly machine: string;

    constructor() {
        removeAbandoned();
        this.folder = mkdtempSync(path.join(FOLDERS, `${PREFIX}${process.pid}-`));
        this.namespace = path.basename(this.folder);
        // Of the range for tests between devices (RFC 2544): nothing else is there.
        const net = randomInt(2 ** 15);
        const at = (index: number) => `198.${18 + (net >> 14)}.${(net >> 6) & 255}.${((net & 63) << 2) + index}`;
        [this.machine, this.address] = [at(1), at(2)];
        this.#lay();
    }

    /** Runs in the engine's network. Not `ip netns exec`, which hides the cgroups. */
    inside(...command: string[]): [string, string[]] {
        return ["nsenter", [`--net=/run/netns/${this.namespace}`, "--", ...command]];
    }

    path(...names: string[]): string {
        return path.join(this.folder, ...names);
    }

    /** An empty folder; with a size, one that gets full. */
    makeFolder(name: string, size?: string): string {
        const folder = this.path(name);
        mkdirSync(folder);
        if (size) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "switchyard-test", folder]);
        return folder;
    }

    remove(): void {
        removePlace(this.folder);
    }

    #lay(): void {
        const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
        const cable = `sye${this.namespace.slice(-6)}`;
        ip("netns", "add", this.namespace);
        ip("-n", this.namespace, "link", "set", "lo", "up");
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", this.namespace);
        ip("addr", "add", `${this.machine}/30`, "dev", cable);
        ip("link", "set", cable, "up");
        ip("-n", this.namespace, "addr", "add", `${this.address}/30`, "dev", "eth0");
        ip("-n", this.namespace, "link", "set", "eth0", "up");
    }
}

/** What processes that were killed outright could not remove themselves. */
function removeAbandoned(): void {
    for (const name of readdirSync(FOLDERS)) {
        const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
        if (owner !== undefined && !existsSync(`/proc/${owner}`)) removePlace(path.join(FOLDERS, name));
    }
}

/** Whatever is left there: processes that know the folder, what runs in containers, mounts, the namespace. */
function removePlace(folder: string): void {
    const ours = processes().filter(({ command }) => command.includes(`${folder}/`));
    // A container's shim keeps it alive, and the engine its shims.
    for (const { pid } of ours) for (const child of childrenOf(pid)) end(child);
    for (const { pid } of ours) end(pid);
    for (const mounted of mountsBelow(folder)) attempt("umount", "--lazy", mounted);
    attempt("ip", "netns", "delete", path.basename(folder));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function processes(): { pid: number; command: string }[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
    return pids.map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`) }));
}

function childrenOf(pid: number): number[] {
    return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

function end(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch {
        // It has ended by itself.
    }
}

function mountsBelow(folder: string): string[] {
    const mounted = read("/proc/self/mountinfo").split("\n");
    return mounted
        .map((line) => line.split(" ")[4] ?? "")
        .filter((point) => point.startsWith(`${folder}/`))
        .reverse();
}

function attempt(command: string, ...args: string[]): void {
    try {
        execFileSync(command, args, { stdio: "ignore" });
    } catch {
        // Another run removes it at the same moment, or it was never made.
    }
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return "";
    }
}
