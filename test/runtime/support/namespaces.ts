import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

/** Network namespaces of this process only: its number is part of their names, so that suites run side by side. */
const PREFIX = "sy";
const made = new Set<string>();
let count = 0;

/** Creates a namespace with loopback up; its full name is returned. */
export function addNamespace(label: string): string {
    if (made.size === 0) removeAbandoned();
    const name = `${PREFIX}-${process.pid}-${++count}-${label}`;
    ip("netns", "add", name);
    made.add(name);
    ip("-n", name, "link", "set", "lo", "up");
    return name;
}

export function removeNamespace(name: string): void {
    if (!made.delete(name)) return;
    ip("netns", "delete", name);
}

export function ip(...args: string[]): string {
    return execFileSync("ip", args, { encoding: "utf8" });
}

export function sysctl(namespace: string, settings: Readonly<Record<string, string | number>>): void {
    const list = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
    execFileSync("ip", ["netns", "exec", namespace, "sysctl", "-qw", ...list]);
}

/** What processes that were killed outright could not remove themselves. */
function removeAbandoned(): void {
    if (!existsSync("/run/netns")) return;
    for (const name of readdirSync("/run/netns")) {
        const owner = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
        if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
        try {
            ip("netns", "delete", name);
        } catch {
            // Another suite that starts now has removed it.
        }
    }
}

process.on("exit", () => {
    for (const name of made) {
        try {
            removeNamespace(name);
        } catch {
            // The rest is still to be removed.
        }
    }
});
