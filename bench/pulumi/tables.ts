import type { Table } from "../report";
import type { Cost } from "../support/cost";
import { medianOf, textOf } from "../support/statistics";
import type { Profile, Share } from "./profile";
import { PROVIDER } from "./roles";

/** The contestant that `pulumi up` is compared with. */
export const PARALLEL = "docker, 16 at a time";

const MODULES = 12;

export function speedTable(what: string, costs: ReadonlyMap<string, readonly Cost[]>): Table {
    const base = medianOf(costs.get(PARALLEL)!.map(({ seconds }) => seconds));
    return {
        title: what,
        columns: ["", "seconds", `× ${PARALLEL}`, "CPU seconds of the command", "of the whole machine"],
        rows: [...costs].map(([name, all]) => [
            name,
            textOf(all.map(({ seconds }) => seconds)),
            (medianOf(all.map(({ seconds }) => seconds)) / base).toFixed(2),
            textOf(all.map(({ cpuSeconds }) => cpuSeconds)),
            textOf(all.map(({ machineCpuSeconds }) => machineCpuSeconds)),
        ]),
    };
}

/** Which process takes how much of the processors. */
export function processTable(what: string, costs: ReadonlyMap<string, readonly Cost[]>): Table {
    const all = [...costs.values()].flat();
    const roles = [...new Set(all.flatMap(({ cpuSecondsByRole }) => Object.keys(cpuSecondsByRole)))].sort();
    const most = (role: string) => Math.max(...all.map(({ megabytesByRole }) => megabytesByRole[role] ?? 0));
    return {
        title: `CPU seconds of each process, ${what}`,
        columns: ["process", ...costs.keys(), "most memory, MB"],
        rows: roles.map((role) => [
            role,
            ...[...costs.values()].map((some) => textOf(some.map((cost) => cost.cpuSecondsByRole[role] ?? 0))),
            most(role).toFixed(0),
        ]),
        notes: [...costs].map(([name, some]) => {
            const shares = some.map((cost) => (cost.cpuSecondsByRole[PROVIDER] ?? 0) / cost.cpuSeconds);
            return `${name}: ${(medianOf(shares) * 100).toFixed(0)} % of the CPU seconds are the provider's.`;
        }),
    };
}

export function profileTable(what: string, part: string, profile: Profile): Table {
    const sumOf = (shares: readonly Share[]) => ({
        loading: shares.reduce((sum, { loading }) => sum + loading, 0),
        atWork: shares.reduce((sum, { atWork }) => sum + atWork, 0),
    });
    const all = sumOf([...profile.values()]);
    const row = (name: string, { loading, atWork }: Share) => {
        const share = (loading + atWork) / (all.loading + all.atWork);
        return [name, loading.toFixed(0), atWork.toFixed(0), `${(share * 100).toFixed(0)} %`];
    };
    const first = [...profile].slice(0, MODULES);
    const rest = sumOf([...profile.values()].slice(MODULES));
    return {
        title: `Where a preview spends its time within the ${part}, ${what}`,
        columns: ["for the sake of", "being loaded, ms", "at work, ms", "share"],
        rows: [...first.map(([name, share]) => row(name, share)), row("all others", rest), row("together", all)],
    };
}
