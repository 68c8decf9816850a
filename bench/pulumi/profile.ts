import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Milliseconds that a process spent for the sake of a module: in its code, and in Node's when that called it. */
export interface Share {
    readonly loading: number;
    readonly atWork: number;
}
export type Profile = ReadonlyMap<string, Share>;

interface Node {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
}
interface CpuProfile {
    readonly nodes: readonly Node[];
    readonly samples: readonly number[];
    readonly timeDeltas: readonly number[];
}
interface Place {
    readonly module: string;
    readonly loading: boolean;
}

/** Waiting is not work, and neither is writing the profile. */
const NOT_WORK = ["(idle)", "node:inspector"];

/** What profiler.cjs wrote into a folder. */
export function profileOf(folder: string): Profile {
    const sums = new Map<string, { loading: number; atWork: number }>();
    for (const file of readdirSync(folder)) {
        const profile = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as CpuProfile;
        const places = placesOf(profile.nodes);
        profile.samples.forEach((id, index) => {
            const { module, loading } = places.get(id)!;
            if (NOT_WORK.includes(module)) return;
            const sum = sums.get(module) ?? { loading: 0, atWork: 0 };
            sum[loading ? "loading" : "atWork"] += profile.timeDeltas[index]! / 1000;
            sums.set(module, sum);
        });
    }
    return new Map([...sums].sort(([, a], [, b]) => b.loading + b.atWork - (a.loading + a.atWork)));
}

function placesOf(nodes: readonly Node[]): Map<number, Place> {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const places = new Map<number, Place>();
    const visit = (node: Node, caller: Place) => {
        const place = placeOf(node, caller);
        places.set(node.id, place);
        for (const child of node.children ?? []) visit(byId.get(child)!, place);
    };
    visit(nodes[0]!, { module: "Node itself", loading: false });
    return places;
}

function placeOf({ callFrame: { functionName, url } }: Node, caller: Place): Place {
    if (functionName.startsWith("(") && functionName !== "(root)") return { module: functionName, loading: false };
    if (url === "node:inspector") return { module: url, loading: false };
    const loading = caller.loading || url.startsWith("node:internal/modules/");
    const isNodes = url === "" || url.startsWith("node:");
    return { module: isNodes ? caller.module : moduleOf(url), loading };
}

/** Of this package the file, of others the package. */
function moduleOf(url: string): string {
    const own = /pulumi-switchyard\/dist\/(.*)\.js$/.exec(url);
    if (own) return `Switchyard: ${own[1]}`;
    // A link leads to where the package really is.
    const within = url.split("node_modules/").at(-1)!;
    if (within === url) return path.basename(url);
    return within
        .split("/")
        .slice(0, within.startsWith("@") ? 2 : 1)
        .join("/");
}
