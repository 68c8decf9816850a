import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { probe as probeSchema, type ActiveProbe } from "../../model/health/probe";
import { askMachine } from "../../runtime/agent/probes";
import { certify, type Certified } from "../support/certificates";
import { LOOPBACK as address, Servers } from "./support/servers";

const NAME = "www.contoso.com";

describe("a probe over https", () => {
    const servers = new Servers();
    let authority: Certified;
    let other: Certified;
    let server: Certified;
    let client: Certified;

    beforeAll(async () => {
        [authority, other] = await Promise.all([certify({ isAuthority: true }), certify({ isAuthority: true })]);
        [server, client] = await Promise.all([
            certify({ by: authority, names: `DNS:${NAME}` }),
            certify({ by: authority }),
        ]);
    });
    afterEach(() => servers.close());

    const serve = (
        { certificate, key }: Certified,
        options: https.ServerOptions = {},
        listener: http.RequestListener = (_, response) => response.end("ready"),
    ) => servers.listen(https.createServer({ cert: certificate, key, ...options }, listener));

    const ask = (settings: object, port: number, timeoutSeconds = 5) =>
        askMachine(
            probeSchema.parse({ protocol: "https", ...settings }) as ActiveProbe,
            { address, port },
            timeoutSeconds,
        );

    it("takes any certificate unless it is to verify", async () => {
        const port = await serve(await certify({ until: "20200102000000Z", from: "20200101000000Z" }));
        expect(await ask({}, port)).toEqual({ outcome: "success" });
        expect(await ask({ body: { contains: "ready" } }, port)).toEqual({ outcome: "success" });
    });

    it("takes a certificate of its authority for its name, and says that name", async () => {
        let said: unknown;
        const port = await serve(server, {}, (request, response) => {
            said = (request.socket as TLSSocket & { servername: unknown }).servername;
            response.end();
        });
        expect(await ask({ ca: authority.certificate, serverName: NAME }, port)).toEqual({ outcome: "success" });
        expect(said).toBe(NAME);
        said = undefined;
        const host = { Host: `${NAME}:443` };
        expect(await ask({ ca: authority.certificate, headers: host }, port)).toEqual({ outcome: "success" });
        expect(said).toBe(NAME);
    });

    it("takes a certificate for the machine's address where it knows no name", async () => {
        const port = await serve(await certify({ by: authority, names: `IP:${address}` }));
        expect(await ask({ ca: authority.certificate }, port)).toEqual({ outcome: "success" });
    });

    describe("takes for a no", () => {
        const refused = async (given: Certified, settings: object) => {
            const port = await serve(given);
            const { outcome, reason = "" } = await ask({ verify: true, serverName: NAME, ...settings }, port);
            return { outcome, reason: reason.replace(`https://${address}:${port}/`, "URL") };
        };
        const no = (reason: string) => ({ outcome: "refusal", reason });

        it("another name", async () => {
            expect(await refused(server, { ca: authority.certificate, serverName: "api.contoso.com" })).toEqual(
                no(`the certificate of URL is not for api.contoso.com, but for ${NAME}`),
            );
        });
        it("another name than the address", async () => {
            expect(await refused(server, { ca: authority.certificate, serverName: undefined })).toEqual(
                no(`the certificate of URL is not for ${address}, but for ${NAME}`),
            );
        });
        it("an authority that it does not know", async () => {
            const unknown = no("the certificate of URL is signed by an unknown authority");
            expect(await refused(server, { ca: other.certificate })).toEqual(unknown);
            expect(await refused(server, {})).toEqual(unknown);
        });
        it("a self-signed certificate", async () => {
            expect(await refused(await certify({ names: `DNS:${NAME}` }), {})).toEqual(
                no("the certificate of URL is self-signed"),
            );
        });
        it("one that has expired", async () => {
            const expired = await certify({
                by: authority,
                names: `DNS:${NAME}`,
                from: "20200101000000Z",
                until: "20200102000000Z",
            });
            expect(await refused(expired, { ca: authority.certificate })).toEqual(
                no("the certificate of URL has expired"),
            );
        });
        it("one that is not valid yet", async () => {
            const early = await certify({
                by: authority,
                names: `DNS:${NAME}`,
                from: "20900101000000Z",
                until: "20910102000000Z",
            });
            expect(await refused(early, { ca: authority.certificate })).toEqual(
                no("the certificate of URL is not valid yet"),
            );
        });

        it("a server that speaks no TLS", async () => {
            const port = await servers.listen(http.createServer((_, response) => response.end()));
            expect(await ask({}, port)).toEqual(no(`no TLS in the answer from https://${address}:${port}/`));
        });
        it("a server that hangs up in the handshake", async () => {
            const port = await servers.listen(net.createServer((socket) => socket.end()));
            expect(await ask({}, port)).toEqual(no(`connection reset by ${address}:${port}`));
        });
        it("a server with whom it has no version of TLS in common", async () => {
            const port = await serve(server, {
                maxVersion: "TLSv1.1",
                minVersion: "TLSv1",
                ciphers: "DEFAULT@SECLEVEL=0",
            });
            const { outcome, reason } = await ask({}, port);
            expect(outcome).toBe("refusal");
            expect(reason).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/ refused the handshake \(protocol version\)$/);
        });
        it("a port where nobody listens", async () => {
            const port = await servers.freePort();
            expect(await ask({}, port)).toEqual(no(`connection refused on ${address}:${port}`));
        });
    });

    it("takes a handshake without an answer for silence", async () => {
        const port = await servers.listen(net.createServer(() => {}));
        expect(await ask({}, port, 0.2)).toEqual({
            outcome: "silence",
            reason: `no answer from https://${address}:${port}/ within 0.2 s`,
        });
    });

    describe("to a server that wants a client's certificate", () => {
        const wanting = (settings: https.ServerOptions = {}) =>
            serve(server, { requestCert: true, rejectUnauthorized: true, ca: authority.certificate, ...settings });

        it("shows its own", async () => {
            const identity = { clientCertificate: client.certificate, clientKey: client.key };
            expect(await ask(identity, await wanting())).toEqual({ outcome: "success" });
        });

        it.each(["TLSv1.2", "TLSv1.3"] as const)("says so where it has none (%s)", async (version) => {
            const port = await wanting({ minVersion: version, maxVersion: version });
            const { outcome, reason } = await ask({}, port);
            expect(outcome).toBe("refusal");
            expect(reason).toMatch(
                /refused the handshake \(.+\); it may want a client certificate$|connection reset by/,
            );
        });

        it("says that its key is another's, and repeats nothing of it", async () => {
            const identity = { clientCertificate: client.certificate, clientKey: other.key };
            expect(await ask(identity, await wanting())).toEqual({
                outcome: "refusal",
                reason: "the probe's clientKey does not belong to its clientCertificate",
            });
        });

        it("says that its key cannot be read, and repeats nothing of it", async () => {
            const clientKey = client.key.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
            const { outcome, reason } = await ask(
                { clientCertificate: client.certificate, clientKey },
                await wanting(),
            );
            expect(outcome).toBe("refusal");
            expect(reason).toMatch(/^the probe's ca, clientCertificate or clientKey cannot be read \([A-Z0-9_]+\)$/);
        });
    });
});
