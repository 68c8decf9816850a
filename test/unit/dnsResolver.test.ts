import { createSocket } from "node:dgram";
import packet from "dns-packet";
import { afterEach, describe, expect, it } from "vitest";
import { hostResolver } from "../../runtime/agent/dns/resolver";

const A = { type: "A", name: "www.example.org", data: "203.0.113.5" } as const;
const AAAA = { type: "AAAA", name: "www.example.org", data: "2001:db8::5" } as const;
const [NXDOMAIN, SERVFAIL] = [3, 2];

describe("finding a host", () => {
    const sockets: ReturnType<typeof createSocket>[] = [];
    afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

    /** A DNS server of these records, or of this refusal; of nothing at all without either. */
    async function server(content?: readonly packet.Answer[] | number) {
        const socket = createSocket("udp4");
        sockets.push(socket);
        socket.on("message", (message, from) => {
            if (content === undefined) return;
            const { id, questions = [] } = packet.decode(message);
            const answers =
                typeof content === "number" ? [] : content.filter(({ type }) => type === questions[0]?.type);
            const flags = typeof content === "number" ? content : 0;
            socket.send(packet.encode({ type: "response", id, flags, questions, answers }), from.port, from.address);
        });
        await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
        const { port } = socket.address();
        return hostResolver([`127.0.0.1:${port}`]);
    }

    it.each([
        [[A, AAAA], { addresses: ["203.0.113.5", "2001:db8::5"] }],
        [[AAAA], { addresses: ["2001:db8::5"] }],
        [[], { reason: "www.example.org has no address", isAnswer: true }],
        [NXDOMAIN, { reason: "www.example.org does not exist (NXDOMAIN)", isAnswer: true }],
        [SERVFAIL, { reason: "DNS does not answer for www.example.org (ESERVFAIL)", isAnswer: false }],
    ])("of which DNS says %j", async (content, answer) => {
        const ask = await server(content);
        expect(await ask("www.example.org", 5)).toEqual(answer);
    });

    it("takes no longer than it may where DNS is silent", async () => {
        const ask = await server();
        const begin = Date.now();
        expect(await ask("www.example.org", 0.3)).toMatchObject({ isAnswer: false });
        expect(Date.now() - begin).toBeLessThan(3_000);
    });

    it("remembers nothing", async () => {
        const records: packet.Answer[] = [A];
        const ask = await server(records);
        expect(await ask("www.example.org", 5)).toEqual({ addresses: ["203.0.113.5"] });
        records[0] = { ...A, data: "203.0.113.6" };
        expect(await ask("www.example.org", 5)).toEqual({ addresses: ["203.0.113.6"] });
    });
});
