import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { stageOf } from "../support/changes";
import { objectsOf } from "../support/docker";
import { Project } from "../support/project";
import { Rounds } from "../support/rounds";
import { freePorts } from "../support/traffic";
import { changes, given, program, properties, renamed, reordered, takenBack } from "./tables/policies";

/** Each argument of policies and their traffic manager. */
describe("changes of traffic policies", () => {
    const rounds = new Rounds(program);
    let project: Project;

    beforeAll(async () => {
        project = new Project(inject("installation"), "changes");
        const port = await freePorts(2);
        await rounds.start(project, { port, port2: port + 1 });
    });
    afterAll(() => project.remove());

    it("at first, the whole configuration is known before anything is made", () => rounds.first());

    rounds.round("given", [...stageOf(properties, 0), ...given]);

    rounds.round("changed", [...stageOf(properties, 1), ...changes], (round) => {
        it("a secret's new value is never shown", () => expect(round().told).not.toContain("hush-two"));
    });

    it("reordered or spelt otherwise, nothing changes", async () => {
        expect(await rounds.previewOf(reordered)).toEqual({});
    });

    rounds.round("taken back", [...stageOf(properties, 2), ...takenBack]);

    rounds.round("renamed", renamed);

    it("nothing is left when all is destroyed", async () => {
        await rounds.stack.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});
