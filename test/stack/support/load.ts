import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Port of `ECHO`, tcp and udp; the web server of `Images` is on 8080. */
export const ECHO_PORT = 7070;

/**
 * A machine's command for images of `Images`: an echo that tells the machine's name, which starts the web server beside
 * it. Asked to end (SIGQUIT), both finish in good order, however long they wait for the processor: whoever has been let
 * in is served, and every connection is ended by FIN and closed by its client first. It is one program, because a
 * machine ends with its first process, and the kernel resets what the others have not read.
 */
export const SERVE = ["perl", "-e", serve()];

function serve(): string {
    return `
        use IO::Socket::INET; use IO::Select; use POSIX "WNOHANG";
        my ($asked, $ending, $quiet, $name) = (0, 0, 0, $ENV{HOSTNAME});
        $SIG{QUIT} = sub { $asked = 1 };
        my $web = fork() // die $!;
        exec "nginx", "-g", "daemon off;" unless $web;
        my $tcp = IO::Socket::INET->new(LocalPort => ${ECHO_PORT}, Listen => 64, ReuseAddr => 1) or die $!;
        my $udp = IO::Socket::INET->new(LocalPort => ${ECHO_PORT}, Proto => "udp") or die $!;
        my $all = IO::Select->new($tcp, $udp);
        until ($ending && !$web && $all->count == 2) {
            my @heard = $all->can_read(0.05);
            $quiet = @heard ? 0 : $quiet + 1;
            for my $socket (@heard) {
                if ($socket == $tcp) { $all->add(my $new = $tcp->accept); shutdown $new, 1 if $ending }
                elsif ($socket == $udp) { $udp->recv(my $question, 1500); $udp->send("$name\n") }
                elsif (sysread $socket, my $question, 1500) { syswrite $socket, "$name\n" unless $ending }
                else { $all->remove($socket); close $socket }
            }
            if ($asked && !$ending) {
                ($ending, $quiet) = (1, 0);
                shutdown $_, 1 for grep { $_ != $tcp && $_ != $udp } $all->handles;
            }
            kill QUIT => $web if $ending && $web && $quiet > 10;
            $web = 0 if $web && waitpid($web, WNOHANG) == $web;
        }`;
}

/** Where a load goes; a kind of load without a port is left out. */
export interface Target {
    /** @default 127.0.0.1 */
    readonly address?: string;
    /** A web server: a connection for each request, and kept ones. */
    readonly http?: number;
    /** An echo over tcp: connections that stay for as long as somebody answers. */
    readonly tcp?: number;
    /** An echo over udp: a port of the client's own for each datagram, and kept ones. */
    readonly udp?: number;
    /** A name, and the servers that are asked for it as resolvers do: where one is silent, the next. */
    readonly dns?: { readonly name: string; readonly servers: readonly string[] };
}

export type LoadKind = "connections" | "keepAlive" | "streams" | "datagrams" | "flows" | "queries";

export interface KindReport {
    readonly answered: number;
    /** How often each answer came: who answered. */
    readonly answers: Readonly<Record<string, number>>;
    /**
     * What a client would have shown its user: refused, reset, silent for `TIMEOUT_MS`, another status than 200. That a
     * machine ends a kept connection in good order is no failure, `ended` counts it.
     */
    readonly failures: readonly string[];
    /**
     * Kept connections that were ended between one request and the next: streams by FIN alone. Of keep-alive the request
     * may have been under way, without a byte of an answer yet; as http clients do, it is sent once more on a new
     * connection (RFC 9112, 9.3.1 and 9.5), and if that fails too it is a failure.
     */
    readonly ended: number;
    /** Datagrams that were sent once more, because a second passed without an answer (RFC 8085, 3.1.1). */
    readonly resent: number;
    /** Between one answer of this kind and the next, at most. */
    readonly longestGapMs: number;
}

export type LoadReport = Partial<Record<LoadKind, KindReport>>;

const TIMEOUT_MS = 5_000;
const PAUSE_MS = 25;
const SENDERS = 2;

/** Counts one kind of load. */
class Tally {
    answered = 0;
    ended = 0;
    resent = 0;
    longestGapMs = 0;
    readonly answers: Record<string, number> = {};
    readonly failures: string[] = [];
    private readonly begin = performance.now();
    private last = this.begin;

    answer(text: string): void {
        this.answered++;
        this.answers[text] = (this.answers[text] ?? 0) + 1;
        this.gapEnds();
    }

    fail(error: Error & { code?: string }): void {
        this.failures.push(`${error.code ?? error.message} after ${Math.round(performance.now() - this.begin)} ms`);
    }

    /** Also when the load stops: silence at its end is a gap too. */
    gapEnds(): void {
        const now = performance.now();
        this.longestGapMs = Math.max(this.longestGapMs, Math.round(now - this.last));
        this.last = now;
    }
}

/** A kept connection was ended, and a new one is worth a try. */
class Ended extends Error {}

/** Asks again and again, until it is stopped. */
interface Client {
    ask(): Promise<string>;
    close(): void;
}

/** Loads a target with all kinds of requests while something happens, counts what came back, and throws if a kind had no answer at all. */
export async function loaded<T>(target: Target, action: () => Promise<T>): Promise<{ result: T; report: LoadReport }> {
    const kinds = kindsOf(target);
    const tallies = new Map(kinds.map(([kind]) => [kind, new Tally()]));
    let stopped = false;
    const senders = kinds.flatMap(([kind, make]) => {
        const tally = tallies.get(kind)!;
        return Array.from({ length: SENDERS }, () =>
            send(
                () => make(tally),
                tally,
                () => stopped,
            ),
        );
    });
    try {
        const result = await action();
        stopped = true;
        await Promise.all(senders);
        for (const [kind, tally] of tallies) {
            tally.gapEnds();
            if (tally.answered === 0) throw new Error(`no ${kind} were answered: ${tally.failures.join(", ")}`);
        }
        return { result, report: Object.fromEntries(tallies) };
    } finally {
        stopped = true;
        await Promise.all(senders);
    }
}

/** All failures, each with its kind: what a test expects to be empty. Of a hundred datagrams one may need a second try. */
export function failuresOf(report: LoadReport): string[] {
    return Object.entries(report).flatMap(([kind, { failures, answered, resent }]) => [
        ...failures.map((failure) => `${kind}: ${failure}`),
        ...(resent * 100 > answered ? [`${kind}: ${resent} sent again, ${answered} answered`] : []),
    ]);
}

async function send(make: () => Client, tally: Tally, isStopped: () => boolean): Promise<void> {
    let client = make();
    while (!isStopped()) {
        try {
            tally.answer(await client.ask());
        } catch (error) {
            client.close();
            client = make();
            if (error instanceof Ended) tally.ended++;
            else tally.fail(error as Error);
        }
        await sleep(PAUSE_MS);
    }
    client.close();
}

type Kind = [LoadKind, (tally: Tally) => Client];

function kindsOf({ address = "127.0.0.1", http, tcp, udp, dns }: Target): Kind[] {
    return [
        ...(http === undefined ? [] : webKinds(address, http)),
        ...(tcp === undefined ? [] : ([["streams", () => stream(address, tcp)]] as Kind[])),
        ...(udp === undefined ? [] : udpKinds(address, udp)),
        ...(dns === undefined ? [] : ([["queries", () => queries(dns)]] as Kind[])),
    ];
}

function webKinds(host: string, port: number): Kind[] {
    return [
        ["connections", () => ({ ask: () => get(host, port, false), close() {} })],
        ["keepAlive", () => keepAlive(host, port)],
    ];
}

/** A client of http that keeps its connection. */
function keepAlive(host: string, port: number): Client {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    return { ask: () => get(host, port, agent), close: () => agent.destroy() };
}

function get(host: string, port: number, agent: http.Agent | false): Promise<string> {
    return new Promise((resolve, reject) => {
        let begun = false;
        const request = http.get({ host, port, agent, timeout: TIMEOUT_MS }, (response) => {
            begun = true;
            let body = "";
            response.on("data", (chunk) => (body += chunk));
            response.on("error", reject);
            response.on("end", () =>
                response.statusCode === 200 ? resolve(body.trim()) : reject(new Error(`status ${response.statusCode}`)),
            );
        });
        request.on("timeout", () => request.destroy(new Error("silent")));
        request.on("error", (error: Error & { code?: string }) => {
            const isClosed = error.code === "ECONNRESET" || error.code === "EPIPE";
            reject(isClosed && request.reusedSocket && !begun ? new Ended() : error);
        });
    });
}

/** A connection over which one line is asked after the other. */
export function stream(host: string, port: number, timeoutMs = TIMEOUT_MS): Client {
    let failure: Error | undefined;
    let asked: { resolve(answer: string): void; reject(error: Error): void } | undefined;
    const fail = (error: Error) => {
        failure ??= error;
        asked?.reject(failure);
    };
    const socket = net.connect({ host, port }, () => socket.setNoDelay());
    socket.setEncoding("utf8").on("data", (line: string) => asked?.resolve(line.trim()));
    socket.on("end", () => fail(new Ended())).on("error", fail);
    socket.setTimeout(timeoutMs, () => fail(new Error("silent")));
    return {
        ask: () =>
            new Promise((resolve, reject) => {
                if (failure) return reject(failure);
                asked = { resolve, reject };
                socket.write("hello\n");
            }),
        close: () => socket.destroy(),
    };
}

function udpKinds(address: string, port: number): Kind[] {
    return [
        [
            "datagrams",
            (tally) => ({
                async ask() {
                    const flow = datagrams(address, port, tally);
                    return flow.ask().finally(() => flow.close());
                },
                close() {},
            }),
        ],
        ["flows", (tally) => datagrams(address, port, tally)],
    ];
}

const RESEND_MS = 1_000;

function datagrams(address: string, port: number, tally: Tally): Client {
    const socket = createSocket("udp4");
    return {
        async ask() {
            const answer = once(socket, "message", { signal: AbortSignal.timeout(TIMEOUT_MS) });
            const resend = setInterval(() => {
                tally.resent++;
                socket.send("hello", port, address);
            }, RESEND_MS);
            socket.send("hello", port, address);
            const [message] = (await answer
                .catch(() => {
                    throw new Error("silent");
                })
                .finally(() => clearInterval(resend))) as [Buffer];
            return message.toString().trim();
        },
        close: () => socket.close(),
    };
}

const QUERY_TIMEOUT_MS = 300;

function queries({ name, servers }: NonNullable<Target["dns"]>): Client {
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: 2 });
    resolver.setServers(servers);
    return { ask: async () => (await resolver.resolve4(name)).sort().join(" "), close: () => resolver.cancel() };
}
