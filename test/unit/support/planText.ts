import type { Plan } from "../../../model/balancer/plan";

/** A plan as a person would write it down: a frontend, then who has which of its slots. */
export function planText(plan: Plan): string {
    const lines = [`virtual IP ${plan.network.virtualIp}`];
    for (const { name, protocol, port, firstSlot, slotCount } of plan.frontends) {
        lines.push("", `${protocol} ${port}: ${name}, slots ${range(0, slotCount - 1)} after ${firstSlot}`);
        if (plan.refusing.has(name)) lines.push("    refuses new connections");
        if (plan.forgiving.has(name)) lines.push("    lets clients that a machine refuses try again");
        const slotsByDestination = new Map<string, number[]>();
        for (let slot = 0; slot < slotCount; slot++) {
            const destination = plan.tables.get(name)![slot];
            const text = destination ? `${destination.address}:${destination.port}` : "nobody";
            slotsByDestination.set(text, [...(slotsByDestination.get(text) ?? []), slot]);
        }
        for (const [text, slots] of [...slotsByDestination].sort()) {
            lines.push(`    ${text.padEnd(18)} ${String(slots.length).padStart(3)} slots: ${ranges(slots)}`);
        }
    }
    return lines.join("\n") + "\n";
}

function ranges(slots: readonly number[]): string {
    const runs: { first: number; last: number }[] = [];
    for (const slot of slots) {
        const run = runs.at(-1);
        if (run && run.last + 1 === slot) run.last = slot;
        else runs.push({ first: slot, last: slot });
    }
    return runs.map(({ first, last }) => range(first, last)).join(" ");
}

function range(first: number, last: number): string {
    return first === last ? `${first}` : `${first}-${last}`;
}
