import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { objectBaseName } from "../../../model/names";
import { defaultAddresses } from "../../../model/network/addresses";
import { geoDatabase } from "../../unit/support/geoDatabase";
import { objectsOf } from "../support/docker";
import { newId, Project } from "../support/project";
import { Rounds } from "../support/rounds";
import { freePorts } from "../support/traffic";
import { changes, given, program, properties, renamed, reordered, takenBack } from "./tables/policies";

/**
 * The addresses of servers follow from the names of stack and server. Of 1 in 20 stacks two would have the same: the later
 * one in the program then has the next address, and another one when the earlier goes, which the tables do not expect.
 */
function idWithoutCollisions(): string {
    const addressOf = (stack: string) => (name: string) =>
        defaultAddresses(objectBaseName({ project: "any", stack, name }), "10.224.0.0/24", "nameServers")[0];
    for (;;) {
        const id = newId();
        const addresses = ["dns-ns1", "spare-ns1", "surplus-ns1", "surplus2-ns1"].map(addressOf(`c-${id}`));
        if (new Set(addresses).size === addresses.length) return id;
    }
}

/** Each argument of policies and their traffic manager. */
describe("changes of traffic policies", () => {
    const rounds = new Rounds(program);
    let project: Project;

    beforeAll(async () => {
        project = new Project(inject("installation"), "changes", idWithoutCollisions());
        const lan = `10.${randomInt(216, 224)}.${randomInt(256)}`;
        const port = await freePorts(3);
        // As the program sees them: beside itself.
        const [places, places2] = ["places.mmdb", "places2.mmdb"];
        writeFileSync(path.join(project.folder, places), geoDatabase({ "198.51.100.0/24": "DE" }));
        writeFileSync(path.join(project.folder, places2), geoDatabase({ "198.51.100.0/24": "FR" }));
        await rounds.start(project, { lan, port, port2: port + 1, port3: port + 2, places, places2 });
    });
    afterAll(() => project.remove());

    rounds.all({ properties, given, changes, reordered, takenBack, renamed });

    it("nothing is left when all is destroyed", async () => {
        await rounds.stack.destroy();
        expect(Object.values(objectsOf(project.name)).flat()).toEqual([]);
    });
});
