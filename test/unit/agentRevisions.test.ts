import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { describeChanges } from "../../model/schema/changes";
import { Revisions } from "../../runtime/agent/revisions";

const schema = z.object({ ttl: z.number(), key: z.string().optional() });
type Configuration = z.infer<typeof schema>;

describe("revisions", () => {
    let directory: string;

    beforeEach(async () => {
        directory = await fs.mkdtemp(path.join(os.tmpdir(), "switchyard-revisions-"));
    });

    afterEach(() => fs.rm(directory, { recursive: true, force: true }));

    const open = () => new Revisions<Configuration>(directory, schema, ["key"]);

    async function filled(count: number) {
        const revisions = open();
        for (let revision = 1; revision <= count; revision++) {
            const before = revision === 1 ? undefined : { ttl: revision - 1 };
            await revisions.add(before, { revision, configuration: { ttl: revision }, appliedAt: revision * 1000 });
        }
        return revisions;
    }

    it("are the last twenty, also for the next agent, and nothing else stays on the disk", async () => {
        await filled(25);
        const next = open();
        await next.load({ revision: 25, configuration: { ttl: 25 }, appliedAt: 25_000 });
        expect(next.list().map(({ revision }) => revision)).toEqual(
            Array.from({ length: 20 }, (_, index) => index + 6),
        );
        expect(await next.configuration(next.list()[0]!)).toEqual({ ttl: 6 });
        expect(await fs.readdir(directory)).toHaveLength(21);
    });

    it("of the same content have one hash and one file, in whatever order it was given", async () => {
        const revisions = open();
        await revisions.add(undefined, { revision: 1, configuration: { ttl: 1, key: "a" } });
        await revisions.add({ ttl: 1, key: "a" }, { revision: 2, configuration: { ttl: 2 } });
        await revisions.add({ ttl: 2 }, { revision: 3, configuration: { key: "a", ttl: 1 } });
        const [first, second, third] = revisions.list();
        expect(third!.hash).toBe(first!.hash);
        expect(second!.hash).not.toBe(first!.hash);
        expect(first!.hash).toMatch(/^[0-9a-f]{12}$/);
        expect(await fs.readdir(directory)).toHaveLength(3);
        expect(revisions.startingWith(first!.hash.slice(0, 6)).map(({ revision }) => revision)).toEqual([3, 1]);
    });

    it("include what an agent applied that was killed right after", async () => {
        await filled(2);
        const next = open();
        await next.load({ revision: 3, configuration: { ttl: 9 }, appliedAt: 9_000 });
        expect(next.list().at(-1)).toMatchObject({ revision: 3, appliedAt: 9_000, changes: ["ttl: 2 => 9"] });
        expect(await next.configuration(next.list().at(-1)!)).toEqual({ ttl: 9 });
    });

    it("begin anew where numbers do, because what served was lost", async () => {
        const revisions = await filled(3);
        await revisions.add(undefined, { revision: 1, configuration: { ttl: 7 } });
        expect(revisions.list()).toHaveLength(1);
    });

    it.each(["", "{", "[{}]", "null", '[{"revision":1,"hash":"../../etc/passwd","appliedAt":1,"changes":[]}]'])(
        "begin anew where their list reads %j",
        async (text) => {
            await fs.writeFile(path.join(directory, "index.json"), text);
            const revisions = open();
            await revisions.load({ revision: 4, configuration: { ttl: 4 } });
            expect(revisions.list()).toMatchObject([{ revision: 4 }]);
        },
    );

    it("are kept from others, and that they cannot be kept is told, not thrown", async () => {
        const revisions = await filled(1);
        const [{ hash } = { hash: "" }] = revisions.list();
        expect((await fs.stat(path.join(directory, `${hash}.json`))).mode & 0o777).toBe(0o600);

        await fs.rm(directory, { recursive: true });
        await fs.writeFile(directory, "");
        await revisions.add({ ttl: 1 }, { revision: 2, configuration: { ttl: 2 } });
        expect(revisions.problem).toMatch(/^revision 2 is not kept for a rollback: /);
        await fs.rm(directory);
        await revisions.add({ ttl: 2 }, { revision: 3, configuration: { ttl: 3 } });
        expect(revisions.problem).toBeUndefined();
    });
});

describe("what changed", () => {
    it.each([
        [{ a: 1 }, { a: 1 }, []],
        [{ a: 1 }, { a: 2 }, ["a: 1 => 2"]],
        [{ a: { "b c": "x" } }, { a: { "b c": "y" } }, ['a["b c"]: "x" => "y"']],
        [{}, { a: 1 }, ["a: added 1"]],
        [{}, { a: { b: 1 } }, ["a: added"]],
        [{ a: { b: 1 } }, {}, ["a: removed"]],
        [{ a: 1 }, {}, ["a: removed (was 1)"]],
        [{ a: [1, 2] }, { a: [1, 3] }, ["a: [1,2] => [1,3]"]],
        [{ a: { b: 1 } }, { a: 3 }, ["a: … => 3"]],
        [{ s: { key: "x" } }, { s: { key: "y" } }, ["s.key: changed (secret)"]],
        [{ s: {} }, { s: { key: "y" } }, ["s.key: added …"]],
        [{ s: { key: "y" } }, { s: {} }, ["s.key: removed (was …)"]],
        [{ s: { key: { deep: "x" } } }, { s: { key: { deep: "y" } } }, ["s.key.deep: changed (secret)"]],
        [null, { a: 1 }, ["configuration: added"]],
        [{ a: 1 }, null, ["configuration: removed"]],
    ])("from %j to %j is %j", (before, after, changes) => {
        expect(describeChanges(before, after, ["s.key"])).toEqual(changes);
    });

    it("is told of a hundred places at most, and not at any length", () => {
        const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, index]));
        const changes = describeChanges({}, many);
        expect(changes).toHaveLength(101);
        expect(changes.at(-1)).toBe("… and 50 more");
        expect(describeChanges({ a: "x".repeat(5_000) }, { a: "y" })[0]!.length).toBeLessThan(200);
    });
});
