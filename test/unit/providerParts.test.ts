import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isDeletedFirst } from "../../model/resources/machine/replaceMode";
import { UNKNOWN } from "../../model/schema/unknown";
import { describeFailure, reasonOf } from "../../provider/docker/errors";
import { Generations } from "../../provider/generations";
import { hiddenOf, withoutValues } from "../../provider/machine/hidden";
import { judge } from "../../provider/machine/ready";
import { nextFreeName, nextName } from "../../provider/naming";
import { contextHash } from "../../provider/package";
import { differs, withoutHidden, withoutUndefined } from "../../provider/properties";

describe("names", () => {
    it.each([
        ["dev-web1-1", "dev-web1-2"],
        ["dev-web1-9", "dev-web1-10"],
        ["lan", "lan-1"],
    ])("after %s comes %s", (name, next) => expect(nextName(name)).toBe(next));

    it("given names that are taken, then the first free one follows them", async () => {
        const taken = new Set(["dev-web1-1", "dev-web1-2"]);
        expect(await nextFreeName("dev-web1-1", (name) => taken.has(name))).toBe("dev-web1-3");
    });
});

describe("what a machine wrote", () => {
    it.each([
        ["dying with hunter2xyz", { T: "hunter2xyz" }, "dying with [environment.T]"],
        ["a short x stays", { T: "x" }, "a short x stays"],
        [
            "wrong pin 4711, or word geht",
            { P: "4711", W: "geht" },
            "wrong pin [environment.P], or word [environment.W]",
        ],
        ["no such information, rooted", { A: "info", B: "root", C: "such " }, "no such information, rooted"],
        ["p.s: p*s! pxs!", { A: "p*s!" }, "p.s: [environment.A] pxs!"],
        ["environment hunter2xyz", { A: "hunter2xyz", B: "environment" }, "[environment.B] [environment.A]"],
        ["secret-and-more", { A: "secret", B: "secret-and-more" }, "[environment.B]"],
    ])("reads %j with %j, quoted, as %j", (text, environment: Record<string, string>, quoted) =>
        expect(withoutValues(text, hiddenOf({ environment }))).toBe(quoted),
    );

    it.each([
        ["+ login --password=hunter2xyz", "+ login [command[1]]"],
        ["login: hunter2xyz is wrong", "login: [command[1]] is wrong"],
        ["no /bin/login here", "no /bin/login here"],
    ])("reads %j with an argument, quoted, as %j, which says the program's own name", (text, quoted) => {
        const command = ["/bin/login", "--password=hunter2xyz"];
        expect(withoutValues(text, hiddenOf({ command }))).toBe(quoted);
        const healthCheck = { command, intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startSeconds: 0 };
        expect(withoutValues(text, hiddenOf({ healthCheck }))).toBe(quoted.replace("[command", "[healthCheck.command"));
    });

    it.each([
        ["bad line: user root hunter2", "listen 80\n  user root hunter2\n", 'bad line: [userData["/f"]]'],
        ["login with hunter2xyz failed", "password=hunter2xyz\n", 'login with [userData["/f"]] failed'],
        ["login with hunter2xyz failed", '{ \n "password": "hunter2xyz",\n }', 'login with [userData["/f"]] failed'],
        ["the server ended", "server:\n  port: 80\n", "the server ended"],
    ])("reads %j with %j in a file, quoted, as %j", (text, content, quoted) => {
        for (const file of [content, { content, mode: "0600" }])
            expect(withoutValues(text, hiddenOf({ environment: {}, userData: { "/f": file } }))).toBe(quoted);
    });
});

describe("what comes first in a replacement", () => {
    const at = (privateAddress?: string, replaceMode?: "createFirst" | "deleteFirst", network = "n") => ({
        network,
        privateAddress,
        replaceMode,
    });

    it.each([
        ["nothing said", at(), at(), false],
        ["the old one, as said", at(), at(undefined, "deleteFirst"), true],
        ["what the old one said", at(undefined, "deleteFirst"), at(), false],
        ["an address that stays", at("10.0.0.9"), at("10.0.0.9"), true],
        ["an address that may stay", at("10.0.0.9"), at(UNKNOWN), true],
        ["another address", at("10.0.0.9"), at("10.0.0.8"), false],
        ["another address, and said so", at("10.0.0.9"), at("10.0.0.8", "deleteFirst"), true],
        ["a new address", at(), at("10.0.0.9"), false],
        ["the same address elsewhere", at("10.0.0.9"), at("10.0.0.9", undefined, "m"), false],
    ])("given %s", (_what, olds, news, first) => expect(isDeletedFirst(olds, news)).toBe(first));
});

describe("generations of a run", () => {
    it("given a resource that nobody saw, then nothing is known of it", () => {
        expect(new Generations().replaced("urn:new")).toBeUndefined();
    });

    it("given several names of one resource, then the highest counts", () => {
        const generations = new Generations();
        generations.saw("urn:a", { name: "dev-a-3", urn: "urn:a" });
        generations.saw("urn:a", { name: "dev-a-2", urn: "urn:a" });
        expect(generations.replaced("urn:a")).toMatchObject({ generation: 3 });
    });

    it("given a rename, then the URN of the labels leads to the one of today", () => {
        const generations = new Generations();
        generations.saw("urn:new", { name: "dev-old-1", urn: "urn:old" });
        expect(generations.current("urn:old")).toBe("urn:new");
        expect(generations.current("urn:other")).toBe("urn:other");
        expect(generations.replaced("urn:new")).toMatchObject({ generation: 1, urn: "urn:old" });
        expect(generations.isOthers("dev-old-1", "urn:other")).toBe(true);
        expect(generations.isOthers("dev-old-1", "urn:new")).toBe(false);
        expect(generations.isSomebodys("dev-old-1")).toBe(true);
        expect(generations.isSomebodys("dev-old-2")).toBe(false);
    });

    it("given two resources with the same URN on labels, then each learns of the other, asked once or twice", () => {
        const generations = new Generations();
        expect(generations.labels("urn:new", "urn:old")).toBeUndefined();
        expect(generations.labels("urn:new", "urn:old")).toBeUndefined();
        expect(generations.labels("urn:old", "urn:old")).toBe("urn:new");
        expect(generations.labels("urn:new", "urn:old")).toBe("urn:old");
        expect(generations.labels("urn:other", "urn:other")).toBeUndefined();
    });
});

describe("properties", () => {
    it.each([
        [1, 1, false],
        [1, 2, true],
        [undefined, undefined, false],
        [{ a: 1, b: undefined }, { a: 1 }, false],
        [{ a: 1, b: 2 }, { b: 2, a: 1 }, false],
        [["a", "b"], ["b", "a"], true],
        [UNKNOWN, UNKNOWN, true],
        [{ a: ["x"] }, { a: [UNKNOWN] }, true],
        [undefined, {}, true],
    ])("given %j and %j, then a change is %s", (old, now, changed) => expect(differs(old, now)).toBe(changed));

    it("given hidden and unset ones, then they do not reach a resource or the wire", () => {
        expect(withoutHidden({ a: 1, __urn: "u", __provider: "p", __defaults: [] })).toEqual({ a: 1 });
        expect(Object.keys(withoutUndefined({ a: undefined, b: { c: undefined } }).b)).toEqual([]);
        expect(withoutUndefined({ list: [{ a: undefined }, null] })).toEqual({ list: [{}, null] });
    });
});

describe("a machine's readiness", () => {
    const container = (state: object, restarts = 0) =>
        ({ State: { Running: true, Restarting: false, ExitCode: 0, ...state }, RestartCount: restarts }) as Parameters<
            typeof judge
        >[0];

    it.each([
        ["has run for a moment", container({}), 400, {}],
        ["has just started", container({}), 100, { reason: "it has just started" }],
        ["is healthy", container({ Health: { Status: "healthy" } }), 400, {}],
        ["has no health check", container({ Health: { Status: "none" } }), 400, {}],
        [
            "is not healthy yet",
            container({ Health: { Status: "starting", Log: [{ Output: "no answer\n" }] } }),
            60_000,
            { reason: "its health check says starting: no answer" },
        ],
        [
            "is unhealthy",
            container({ Health: { Status: "unhealthy" } }),
            400,
            { reason: "its health check says unhealthy" },
        ],
        [
            "was restarted a moment ago",
            container({}, 2),
            400,
            { reason: "it does not stay up (exit code 9, restarted 2 times)" },
        ],
        ["has recovered", container({}, 2), 5_000, {}],
        [
            "waits to be restarted",
            container({ Restarting: true }, 2),
            0,
            { reason: "it does not stay up (exit code 9, restarted 2 times)" },
        ],
        [
            "has ended",
            container({ Running: false, ExitCode: 1 }),
            0,
            { reason: "it ended with exit code 1", final: true },
        ],
        [
            "ran out of memory",
            container({ Running: false, ExitCode: 137, OOMKilled: true }),
            0,
            { reason: "it ended with exit code 137 (out of memory)", final: true },
        ],
    ])("given that it %s", (_what, inspection, ranMs, verdict) => {
        expect(judge(inspection, ranMs, 9)).toEqual(verdict);
    });
});

describe("failures", () => {
    const refusal = (message: string, json: unknown, statusCode = 409) =>
        Object.assign(new Error(message), { statusCode, json });

    it.each([
        [refusal("(HTTP code 409) conflict - no ", { message: "no" }), "Docker refused: no"],
        [refusal("(HTTP code 404) no such image - manifest unknown ", null, 404), "Docker refused: manifest unknown"],
        [
            Object.assign(new Error("connect ENOENT /s"), { syscall: "connect" }),
            "lost the connection to Docker: connect ENOENT /s",
        ],
        [new AggregateError([new Error("connect ECONNREFUSED ::1:1")]), "connect ECONNREFUSED ::1:1"],
        [new Error("plain"), "plain"],
        ["thrown text", "thrown text"],
    ])("given %s, then a user reads one sentence", (error, sentence) => expect(describeFailure(error)).toBe(sentence));

    it("given an error without words, then its name is told", () =>
        expect(reasonOf(new TypeError())).toBe("TypeError"));
});

describe("the hash that names the runtime image", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "switchyard-context-"));
        mkdirSync(path.join(folder, "service"));
        writeFileSync(path.join(folder, "Dockerfile"), "FROM scratch\n");
        writeFileSync(path.join(folder, "service/run"), "#!/bin/sh\n");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("given the same files at another time, then it is the same", () => {
        const before = contextHash(folder);
        utimesSync(path.join(folder, "Dockerfile"), 0, 0);
        expect(before).toMatch(/^[0-9a-f]{12}$/);
        expect(contextHash(folder)).toBe(before);
    });

    it.each([
        ["content", () => writeFileSync(path.join(folder, "service/run"), "#!/bin/bash\n")],
        ["executable bit", () => chmodSync(path.join(folder, "service/run"), 0o755)],
        ["a new file", () => writeFileSync(path.join(folder, "init"), "")],
        [
            "a moved file",
            () => (
                rmSync(path.join(folder, "Dockerfile")),
                writeFileSync(path.join(folder, "dockerfile"), "FROM scratch\n")
            ),
        ],
    ])("given a change of %s, then it is another one", (_what, change) => {
        const before = contextHash(folder);
        change();
        expect(contextHash(folder)).not.toBe(before);
    });
});
