import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { docker } from "../../test/stack/support/docker";
import { install } from "../../test/stack/support/installation";
import type { Context, Goal, Section, Table } from "../report";
import type { Cost } from "../support/cost";
import { interleave } from "../support/interleave";
import { undoAtExit } from "../support/undo";
import { Containers } from "./containers";
import { goalsOf } from "./goals";
import type { Profile } from "./profile";
import { Service, type Size } from "./service";
import { PARALLEL, processTable, profileTable, speedTable } from "./tables";

const QUICK = { machines: 2, sets: 2, rounds: 1 };
const SMALL = { machines: 10, sets: 2, rounds: 2 };
// Once: the longest part of all.
const LARGE = { machines: 100, sets: 20, rounds: 1 };

/** What Pulumi takes for services of two sizes, beside the docker command that makes the same containers. */
export async function pulumiSection({ quick, say }: Context): Promise<Section> {
    const id = `switchyard-bench-${randomBytes(3).toString("hex")}`;
    const folder = mkdtempSync(path.join(tmpdir(), "switchyard-bench-"));
    const removeFolder = undoAtExit(() => rmSync(folder, { recursive: true, force: true }));
    const removeImage = undoAtExit(() => docker("image", "rm", "--force", id));
    try {
        docker("build", "--quiet", "--tag", id, path.join(__dirname, "../../examples/quickstart/web"));
        const { installation } = install(folder);
        say("the gateway's image");
        await makeGatewayImage(installation, id);
        const tables: Table[] = [];
        const goals: Goal[] = [];
        const measured: Record<string, unknown> = {};
        for (const size of quick ? [QUICK] : [SMALL, LARGE]) {
            const what = `${size.machines} virtual machines in ${size.sets} sets`;
            const found = await measure(installation, id, size, size.rounds, (step) => say(`${what}: ${step}`));
            measured[what] = { costs: Object.fromEntries(found.costs), profiles: found.profiles };
            tables.push(...tablesOf(what, found));
            if (size === LARGE) goals.push(...goalsOf(what, found.costs));
        }
        return {
            title: "Pulumi",
            method: [
                "`pulumi up` begins with nothing but the images and ends when all machines are ready and the balancer serves; beside it, the docker command makes a network and the same containers, and waits for nothing.",
                "CPU seconds of a command are those of all the processes that it starts. What dockerd does for it is in the machine's alone, together with whatever else ran.",
                "The profile is of a run of its own: sampling makes it slower.",
            ],
            goals,
            tables,
            measured,
        };
    } finally {
        removeImage();
        removeFolder();
    }
}

type Found = Awaited<ReturnType<typeof measure>>;

function tablesOf(what: string, { costs, profiles }: Found): Table[] {
    const ofPulumi = new Map([...costs].filter(([name]) => !name.startsWith("docker")));
    return [
        speedTable(what, costs),
        processTable(what, ofPulumi),
        ...[...profiles].map(([part, profile]) => profileTable(what, part, profile)),
    ];
}

/** What a first `up` makes on a host, once for all. */
async function makeGatewayImage(below: string, id: string): Promise<void> {
    const service = new Service(below, `${id}-image`, { machines: 1, sets: 1 }, id);
    try {
        await service.up();
    } finally {
        service.remove();
    }
}

async function measure(below: string, id: string, size: Size, rounds: number, say: (step: string) => void) {
    const service = new Service(below, id, size, id);
    const containers = new Containers(`${id}-docker`, size.machines, id);
    const clear = async () => containers.clear();
    const looks: Record<"no-op up" | "preview", Cost[]> = { "no-op up": [], preview: [] };
    try {
        let profiles: ReadonlyMap<string, Profile> = new Map();
        const made = await interleave<Cost>(
            [
                { name: "docker, one after another", run: () => containers.create(1), after: clear },
                { name: PARALLEL, run: () => containers.create(16), after: clear },
                {
                    name: "pulumi up",
                    run: () => service.up(),
                    after: async () => {
                        looks["no-op up"].push(await service.up());
                        looks.preview.push(await service.preview());
                        if (profiles.size === 0) profiles = await service.profilePreview();
                        service.clear();
                    },
                },
            ],
            rounds,
            say,
        );
        return { costs: new Map([...made, ...Object.entries(looks)]), profiles };
    } finally {
        service.remove();
        containers.remove();
    }
}
