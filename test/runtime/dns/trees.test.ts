import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { oddsFor, type Client } from "../../../model/dns/client";
import { compile } from "../../../model/dns/compile";
import { decide } from "../../../model/dns/decide";
import type { Decision } from "../../../model/dns/decision";
import { addressToNumber, addressWithin, familyOf } from "../../../model/dns/subnet";
import { observed } from "../../unit/support/dnsTrees";
import { geoDatabase } from "../../unit/support/geoDatabase";
import { TestServer } from "./server";

const PLACES = { "192.0.2.0/25": "DE", "192.0.2.128/25": "US-CA", "198.51.100.0/24": "US-NY", "203.0.113.0/24": "JP" };
const CLIENTS: Client[] = [
    { address: "192.0.2.7", place: { country: "DE" } },
    { address: "192.0.2.200", place: { country: "US", state: "CA" } },
    { address: "198.51.100.9", place: { country: "US", state: "NY" } },
    { address: "203.0.113.1", place: { country: "JP" } },
    // Neighbours, to whom no resolver may give an answer that was for those above.
    ...["192.0.3.9", "198.51.101.1", "203.0.112.1", "10.9.9.9"].map((address) => ({ address })),
    ...["2001:db8::1", "2001:db9::1"].map((address) => ({ address })),
    // By 6to4, NAT64 and Teredo.
    { address: "2002:c000:207::1", place: { country: "DE" } },
    { address: "64:ff9b::c000:2c8", place: { country: "US", state: "CA" } },
    { address: "2001:0:1:2:3:4:39cc:9bf6", place: { country: "US", state: "NY" } },
];

let folder: string;
let server: TestServer;
beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-trees-"));
    writeFileSync(path.join(folder, "sha256:0"), geoDatabase(PLACES));
    server = await TestServer.start((hash) => path.join(folder, hash));
});
afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

function bits(address: string): string {
    return addressToNumber(address)
        .toString(2)
        .padStart(familyOf(address) === 4 ? 32 : 128, "0");
}

/** Those for whom a resolver may keep the answer to `client`. */
function within(scope: number, { address }: Client): Client[] {
    const prefix = bits(address).slice(0, scope);
    return CLIENTS.filter(
        (other) => familyOf(other.address) === familyOf(address) && bits(other.address).startsWith(prefix),
    );
}

function possible(decision: Decision, client: Client): string[] {
    const known = { ...client, address: addressWithin(client.address) };
    const told = oddsFor(decision, known).map(({ chosen: { target } }) => target.kind === "address" && target.address);
    return [...new Set(told.map(String))].sort();
}

it("whatever is decided is what gdnsd answers to whomever, and no resolver keeps it for somebody else", async () => {
    let serial = 0;
    await fc.assert(
        fc.asyncProperty(observed, async ({ configuration, healths }) => {
            const states = decide(configuration, healths);
            await server.engine.apply(compile(configuration, states, { serial: ++serial }));
            for (const [policy, { decision }] of states)
                for (const client of CLIENTS) {
                    const allowed = possible(decision, client);
                    const { address } = client;
                    for (let times = 0; times < Math.min(4, allowed.length || 1); times++) {
                        const reply = await server.ask(policy, { client: `${address}/${bits(address).length}` });
                        expect(reply.code).toBe(decision.kind === "nothing" ? "NXDOMAIN" : "NOERROR");
                        expect(reply.data).toHaveLength(allowed.length === 0 ? 0 : 1);
                        for (const answer of reply.data) expect(allowed).toContain(answer);
                        for (const other of within(reply.scope!, client))
                            expect(possible(decision, other)).toEqual(allowed);
                    }
                }
        }),
        { numRuns: 40 },
    );
});
