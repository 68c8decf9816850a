import { createSocket } from "node:dgram";
import { connect } from "node:net";
import * as packets from "dns-packet";

export interface Question {
    readonly type?: packets.RecordType | "ANY";
    /** EDNS client subnet: `192.0.2.0/24`. */
    readonly client?: string;
    /** Without it, answers are cut at 512 bytes. */
    readonly edns?: boolean;
    readonly tcp?: boolean;
    /** Of the server; the loopback where it is not said. */
    readonly server?: string;
    readonly timeoutMs?: number;
}

export interface Reply {
    readonly code: string;
    readonly truncated: boolean;
    /** The answers' data, sorted. */
    readonly data: string[];
    readonly types: string[];
    readonly ttls: number[];
    readonly authorities: packets.Answer[];
    /** Bits of the client's address that the answer depends on. */
    readonly scope?: number;
}

/** Asks the server on a port. */
export async function ask(port: number, name: string, question: Question = {}): Promise<Reply> {
    const id = Math.floor(Math.random() * 65_536);
    const query = encode(id, name, question);
    const answer = await (question.tcp ? byTcp : byUdp)(port, query, question);
    return decode(answer, id);
}

export function decode(answer: Buffer, id: number): Reply {
    const packet = packets.decode(answer) as packets.DecodedPacket & { rcode: string };
    if (packet.id !== id) throw new Error(`the answer is to another question: ${packet.id}`);
    const answers = (packet.answers ?? []) as (packets.Answer & { ttl: number; data: unknown })[];
    const options = (packet.additionals ?? []).flatMap((record) => (record.type === "OPT" ? record.options : []));
    const subnet = options.find(({ code }) => code === 8) as { scopePrefixLength?: number; data?: Buffer } | undefined;
    return {
        code: packet.rcode,
        truncated: packet.flag_tc,
        data: answers.map(({ data }) => String(data)).sort(),
        types: [...new Set(answers.map(({ type }) => type))],
        ttls: [...new Set(answers.map(({ ttl }) => ttl))],
        authorities: packet.authorities ?? [],
        scope: subnet && (subnet.scopePrefixLength ?? subnet.data?.[3]),
    };
}

export function encode(id: number, name: string, { type = "A", client, edns }: Question): Buffer {
    const [ip, length] = client?.split("/") ?? [];
    const options = client === undefined ? [] : [{ code: 8, ip: ip!, sourcePrefixLength: Number(length) }];
    const opt = { type: "OPT", name: ".", udpPayloadSize: 1232, flags: 0, options };
    return packets.encode({
        type: "query",
        id,
        questions: [{ name, type: type as packets.RecordType }],
        additionals: edns || client !== undefined ? [opt as unknown as packets.Answer] : [],
    });
}

const LOOPBACK = "127.0.0.1";

function byUdp(port: number, query: Buffer, { server = LOOPBACK, timeoutMs = 3_000 }: Question): Promise<Buffer> {
    return new Promise((resolve, reject) => {
        const socket = createSocket("udp4");
        const timer = setTimeout(() => end(new Error("no answer")), timeoutMs);
        const end = (result: Buffer | Error) => {
            clearTimeout(timer);
            socket.close();
            if (result instanceof Error) reject(result);
            else resolve(result);
        };
        socket.once("message", end).once("error", end);
        // Connected, it hears when nobody listens.
        socket.connect(port, server, () => socket.send(query));
    });
}

function byTcp(port: number, query: Buffer, { server = LOOPBACK }: Question): Promise<Buffer> {
    return new Promise((resolve, reject) => {
        const socket = connect(port, server);
        let received = Buffer.alloc(0);
        socket.setTimeout(3_000, () => socket.destroy(new Error("no answer")));
        socket.on("error", reject);
        socket.on("data", (chunk: Buffer) => {
            received = Buffer.concat([received, chunk]);
            if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
            socket.destroy();
            resolve(received.subarray(2));
        });
        socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]));
    });
}
