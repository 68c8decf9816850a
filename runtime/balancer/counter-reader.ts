import type { Frontend, Plan } from "../../model/balancer/plan";
import { NO_TRAFFIC, type Looks, type MemberTraffic, type Traffic } from "../../model/balancer/traffic";
import type { Commands } from "./commands";
import { COUNTER_SETS, MEASURED_SETS, type CounterSet } from "./counters";
import { NftProcess } from "./nft-process";
import { connectionMark } from "./elements";
import { TABLE } from "./transactions";

/**
 * Answers are read after the connections that they answer: no reading shows an answer too few. Each set in a line of its
 * own: then nft reads that set alone, however large the slots are (of two in a line it misses one; `list counters` would
 * load every element of every table).
 */
const ORDER: readonly CounterSet[] = ["connections", "answered", "refused", "arrived"];

/** Reads what the packet path counts, through an nft of its own that stays open. */
export class CounterReader {
    private readonly nft: NftProcess;
    private last: Promise<unknown> = Promise.resolve();
    private text?: string;

    constructor(commands: Commands) {
        this.nft = new NftProcess(commands);
    }

    read({ frontends, countsPackets }: Plan): Promise<Looks> {
        const sets = [...ORDER, ...(countsPackets ? MEASURED_SETS : [])];
        const question = sets.map((name) => `list set ${TABLE} ${name}`).join("\n");
        const reading = this.last.then(async () => {
            const before = this.text;
            this.text = await this.nft.ask(question);
            return {
                now: parseCounters(this.text, frontends),
                before: before === undefined ? undefined : parseCounters(before, frontends),
            };
        });
        this.last = reading.catch(() => {});
        return reading;
    }

    close(): void {
        this.nft.close();
    }
}

const SET = /^\s*set (\w+) \{$/gm;
/** nft knows the protocols' names only where /etc/protocols does. */
const ELEMENT = /\b(tcp|udp|6|17) \. (\S+(?: \. \S+)*) counter packets (\d+) bytes (\d+)/g;
const PROTOCOLS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp" };

/** The text of the sets, as counts of these frontends; what was counted for others is left out. */
export function parseCounters(text: string, frontends: readonly Frontend[]): Traffic {
    const found = new Map(
        frontends.map((frontend) => [frontend.name, { arrived: 0, members: new Map<string, MemberTraffic>() }]),
    );
    const byMark = new Map(frontends.map((f) => [`${f.protocol} ${connectionMark(f)}`, f.name]));
    const byPort = (protocol: string, address: string, port: number) =>
        frontends.find((f) => f.protocol === protocol && f.address === address && hasPort(f, port))?.name;
    const parts = text.split(SET);
    for (let index = 1; index < parts.length; index += 2) {
        const set = parts[index] as CounterSet;
        if (!(set in COUNTER_SETS)) continue;
        for (const [, number, rest, packets, bytes] of parts[index + 1]!.matchAll(ELEMENT)) {
            const protocol = PROTOCOLS[number!] ?? number!;
            const key = rest!.split(" . ");
            const name = isMeasured(set)
                ? byPort(protocol, key[0]!, Number(key[1]))
                : byMark.get(`${protocol} ${Number(key[0])}`);
            if (name === undefined) continue;
            const counted = found.get(name)!;
            const machine = key.at(-1)!;
            if (set === "arrived") counted.arrived = Number(packets);
            else counted.members.set(machine, count(counted.members.get(machine), set, Number(packets), Number(bytes)));
        }
    }
    return found;
}

/** A range of ports has an element for each of them. */
function count(before: MemberTraffic = NO_TRAFFIC, set: CounterSet, packets: number, bytes: number): MemberTraffic {
    if (!isMeasured(set)) return { ...before, [set]: packets };
    const [inPackets, inBytes] = [`${set}Packets`, `${set}Bytes`] as const;
    return { ...before, [inPackets]: before[inPackets] + packets, [inBytes]: before[inBytes] + bytes };
}

function isMeasured(set: CounterSet): set is (typeof MEASURED_SETS)[number] {
    return (MEASURED_SETS as readonly string[]).includes(set);
}

function hasPort({ port, portCount }: Frontend, asked: number): boolean {
    return asked >= port && asked < port + portCount;
}
