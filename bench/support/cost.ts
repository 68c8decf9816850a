import { spawn } from "node:child_process";
import { allSeen, cpuSecondsOfMachine, seen, type Seen } from "./processes";
import { undoAtExit } from "./undo";

/** What a command took: on the clock, and of the processors by each of the processes that it started. */
export interface Cost {
    readonly seconds: number;
    readonly cpuSeconds: number;
    /** Of the whole machine meanwhile: dockerd and what it starts are in this one only. */
    readonly machineCpuSeconds: number;
    /** By the part that a process plays, as `roleOf` says. */
    readonly cpuSecondsByRole: Readonly<Record<string, number>>;
    readonly megabytesByRole: Readonly<Record<string, number>>;
}

export interface CommandOptions {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    roleOf?(command: string): string;
}

const LOOK_EVERY_MS = 100;

/** Runs a command to its end. One command at a time: what its processes took is told apart by time only. */
export async function costOf(command: readonly string[], options: CommandOptions = {}): Promise<Cost> {
    const { roleOf = () => "command", ...where } = options;
    const tree = new Map<number, Seen>();
    const waitedForBefore = seen("self")!.cpuSecondsWaitedFor;
    const machineBefore = cpuSecondsOfMachine();
    const begin = performance.now();

    // In a group of its own: Ctrl-C ends this process, which ends the others.
    const child = spawn(command[0]!, command.slice(1), { ...where, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const end = undoAtExit(() => [child.pid!, ...tree.keys()].forEach(kill));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
    const timer = setInterval(() => look(child.pid!, tree), LOOK_EVERY_MS);
    const code = await new Promise<number | null>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", resolve);
    }).finally(() => clearInterval(timer));
    const seconds = (performance.now() - begin) / 1000;
    end();
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${output.slice(-4000)}`);

    const byRole = rolesOf(tree, roleOf);
    const seenOnes = Object.values(byRole.cpuSecondsByRole).reduce((sum, one) => sum + one, 0);
    const waitedFor = seen("self")!.cpuSecondsWaitedFor - waitedForBefore;
    return {
        seconds,
        // Looking misses short processes; waiting misses those that outlive the command.
        cpuSeconds: Math.max(seenOnes, waitedFor),
        machineCpuSeconds: cpuSecondsOfMachine() - machineBefore,
        ...byRole,
    };
}

function kill(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch {
        // It has ended.
    }
}

function rolesOf(tree: ReadonlyMap<number, Seen>, roleOf: (command: string) => string) {
    const cpuSecondsByRole: Record<string, number> = {};
    const megabytesByRole: Record<string, number> = {};
    for (const { command, cpuSeconds, megabytes } of tree.values()) {
        const role = roleOf(command);
        cpuSecondsByRole[role] = (cpuSecondsByRole[role] ?? 0) + cpuSeconds;
        megabytesByRole[role] = Math.max(megabytesByRole[role] ?? 0, megabytes);
    }
    return { cpuSecondsByRole, megabytesByRole };
}

/** Adds to `tree` what is below `root` now. */
function look(root: number, tree: Map<number, Seen>): void {
    const all = allSeen();
    for (const [pid, now] of all) {
        if (!tree.has(pid) && !isBelow(root, pid, all)) continue;
        const before = tree.get(pid);
        tree.set(pid, {
            ...now,
            // One that has ended and was not waited for yet has neither.
            command: now.command || before?.command || "",
            megabytes: Math.max(now.megabytes, before?.megabytes ?? 0),
        });
    }
}

function isBelow(root: number, pid: number, all: ReadonlyMap<number, Seen>): boolean {
    for (let one = pid; one > 1; one = all.get(one)?.parent ?? 0) if (one === root) return true;
    return false;
}
