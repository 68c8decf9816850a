import net from "node:net";
import type { Answer, Resolve } from "./resolver";

/** Docker forgets a machine's name the moment that it stops, long before the next probe: so names are asked often. */
const INTERVAL_MS = 250;
/** With many machines each is asked less often, so that all together stay cheap. */
const MOST_PER_SECOND = 100;

type Listener = (answer: Answer) => void;

interface Followed {
    readonly listeners: Set<Listener>;
    answer?: Answer;
    asking?: Promise<Answer>;
    timer?: NodeJS.Timeout;
}

/** Where machines are now: asks for each name once, however many members it has, and tells when an answer changes. */
export class Names {
    private readonly followed = new Map<string, Followed>();

    constructor(private readonly resolve: Resolve) {}

    /** Calls `listener` with the first answer and with each that differs; returns how to stop that. */
    follow(name: string, listener: Listener): () => void {
        const known = this.followed.get(name);
        const entry: Followed = known ?? { listeners: new Set() };
        entry.listeners.add(listener);
        if (!known) {
            this.followed.set(name, entry);
            void this.poll(name, entry);
        } else if (known.answer) {
            listener(known.answer);
        }
        return () => {
            entry.listeners.delete(listener);
            if (entry.listeners.size > 0) return;
            clearTimeout(entry.timer);
            if (this.followed.get(name) === entry) this.followed.delete(name);
        };
    }

    /** Asks now, and tells the followers first. */
    async ask(name: string): Promise<Answer> {
        const entry = this.followed.get(name);
        return entry ? await this.askFor(name, entry) : await this.resolve(name);
    }

    /** What keeps names from being resolved, while something does. */
    trouble(): string | undefined {
        const failed = [...this.followed].find(([, { answer }]) => answer?.kind === "failed");
        if (failed?.[1].answer?.kind !== "failed") return undefined;
        return `Docker's DNS does not answer for ${failed[0]} (${failed[1].answer.reason}); machines keep their last known addresses`;
    }

    private async poll(name: string, entry: Followed): Promise<void> {
        await this.askFor(name, entry);
        if (entry.listeners.size === 0 || net.isIPv4(name)) return;
        const interval = Math.max(INTERVAL_MS, (this.followed.size * 1000) / MOST_PER_SECOND);
        entry.timer = setTimeout(() => void this.poll(name, entry), interval);
    }

    private askFor(name: string, entry: Followed): Promise<Answer> {
        entry.asking ??= this.resolve(name).then((answer) => {
            delete entry.asking;
            const before = entry.answer;
            entry.answer = answer;
            if (!before || !sameAnswer(before, answer)) for (const listener of [...entry.listeners]) listener(answer);
            return answer;
        });
        return entry.asking;
    }
}

function sameAnswer(a: Answer, b: Answer): boolean {
    if (a.kind === "address" && b.kind === "address") return a.address === b.address;
    return a.kind === b.kind;
}
