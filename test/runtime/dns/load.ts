import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { pause } from "../support/wait";
import { decode, encode } from "./client";

const MOST_WAITING = 60_000;

export interface Asked<Moment> {
    /** What was known when the query left, and when its answer came. */
    readonly asked: Moment;
    readonly answered: Moment;
    readonly data: readonly string[];
    readonly code: string;
}

/** Queries at a steady rate through one socket, each of which must be answered. */
export class SteadyQueries<Moment> {
    readonly answers: Asked<Moment>[] = [];
    private readonly waiting = new Map<number, Moment>();
    private sent = 0;
    private timer?: NodeJS.Timeout;

    private constructor(
        private readonly socket: Socket,
        private readonly name: string,
        private readonly now: () => Moment,
    ) {
        socket.on("message", (answer) => {
            const id = answer.readUInt16BE(0);
            const asked = this.waiting.get(id);
            if (asked === undefined) throw new Error("an answer came twice");
            this.waiting.delete(id);
            const { data, code } = decode(answer, id);
            this.answers.push({ asked, answered: this.now(), data, code });
        });
    }

    static async start<Moment>(port: number, name: string, perSecond: number, now: () => Moment) {
        const socket = createSocket({ type: "udp4", recvBufferSize: 1 << 20 });
        socket.connect(port, "127.0.0.1");
        await once(socket, "connect");
        const queries = new SteadyQueries(socket, name, now);
        const begin = performance.now();
        queries.timer = setInterval(() => {
            const due = ((performance.now() - begin) / 1_000) * perSecond;
            // What a busy machine has missed is not sent all at once.
            for (let burst = 0; burst < 20 && queries.sent < due; burst++) queries.send();
        }, 2);
        return queries;
    }

    /** How many were never answered. */
    async stop(): Promise<number> {
        clearInterval(this.timer);
        for (let tries = 0; this.waiting.size > 0 && tries < 50; tries++) await pause(100);
        this.socket.close();
        return this.waiting.size;
    }

    private send(): void {
        const id = this.sent++ % MOST_WAITING;
        if (this.waiting.has(id)) throw new Error("too many queries wait for an answer");
        this.waiting.set(id, this.now());
        this.socket.send(encode(id, this.name, {}));
    }
}
