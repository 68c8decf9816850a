import type { Frontend } from "../../model/balancer/plan";
import { NO_TRAFFIC, type MemberTraffic, type Traffic } from "../../model/balancer/traffic";
import type { Commands } from "./commands";
import { COUNTER_SETS, type CounterSet } from "./counters";
import { NftProcess } from "./nft-process";
import { connectionMark } from "./elements";
import { TABLE } from "./render";

/**
 * Answers are read after the connections that they answer: no reading shows an answer too few. Each set in a line of its
 * own: then nft reads that set alone, however large the slots are (of two in a line it misses one; `list counters` would
 * load every element of every table).
 */
const ORDER: readonly CounterSet[] = ["connections", "answered", "refused", "arrived"];
const QUESTION = ORDER.map((name) => `list set ${TABLE} ${name}`).join("\n");

/** Reads what the packet path counts, through an nft of its own that stays open. */
export class CounterReader {
    private readonly nft: NftProcess;
    private last: Promise<unknown> = Promise.resolve();

    constructor(commands: Commands) {
        this.nft = new NftProcess(commands);
    }

    read(frontends: readonly Frontend[]): Promise<Traffic> {
        const reading = this.last.then(async () => parseCounters(await this.nft.ask(QUESTION), frontends));
        this.last = reading.catch(() => {});
        return reading;
    }

    close(): void {
        this.nft.close();
    }
}

const SET = /^\s*set (\w+) \{$/gm;
/** nft knows the protocols' names only where /etc/protocols does. */
const ELEMENT = /\b(tcp|udp|6|17) \. 0x([0-9a-f]+)(?: \. ([\d.]+))? counter packets (\d+) bytes \d+/g;
const PROTOCOLS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp" };

/** The text of the sets, as counts of these frontends; what was counted for others is left out. */
export function parseCounters(text: string, frontends: readonly Frontend[]): Traffic {
    const byMark = new Map(frontends.map((frontend) => [`${frontend.protocol} ${connectionMark(frontend)}`, frontend]));
    const traffic = new Map<string, { arrived: number; members: Map<string, MemberTraffic> }>();
    for (const { name } of frontends) traffic.set(name, { arrived: 0, members: new Map() });
    const parts = text.split(SET);
    for (let index = 1; index < parts.length; index += 2) {
        const set = parts[index] as CounterSet;
        if (!(set in COUNTER_SETS)) continue;
        for (const [, protocol, mark, address, packets] of parts[index + 1]!.matchAll(ELEMENT)) {
            const frontend = byMark.get(`${PROTOCOLS[protocol!] ?? protocol} ${parseInt(mark!, 16)}`);
            if (!frontend) continue;
            const counted = traffic.get(frontend.name)!;
            if (set === "arrived") counted.arrived = Number(packets);
            else if (address !== undefined)
                counted.members.set(address, {
                    ...(counted.members.get(address) ?? NO_TRAFFIC),
                    [set]: Number(packets),
                });
        }
    }
    return traffic;
}
