import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { docker, objectsOf } from "../support/docker";
import { Images } from "../support/images";
import { Project } from "../support/project";
import { Rounds } from "../support/rounds";
import { freePort, freePorts, underLoad } from "../support/traffic";
import { balanced, machines } from "./tables/serviceProperties";
import { renamed } from "./tables/serviceRenames";
import { program } from "./tables/services";
import { changes, given, reordered, takenBack } from "./tables/serviceStages";

/** Each argument of each resource: what its change shows, that the update does just that, and that nothing is left to do. */
describe("changes of cloud services, machines and endpoints", () => {
    const properties = [...balanced, ...machines];
    const rounds = new Rounds(program);
    let project: Project;
    let images: Images;

    beforeAll(async () => {
        images = new Images();
        project = new Project(inject("installation"), "changes");
        const [image, other] = [images.version("a"), images.version("b")];
        const guests = ["guest", "guest2"].map((name) => `${project.name}-${name}`) as [string, string];
        const labels = ["--label", `io.switchyard.project=${project.name}`];
        for (const guest of guests) docker("run", "--detach", "--name", guest, ...labels, image);
        const volume = `${project.name}-data`;
        docker("volume", "create", ...labels, volume);
        const [east, north] = [await freePort(), await freePorts(2)];
        const [space, lan] = [
            `10.${randomInt(192, 200)}.${randomInt(256)}`,
            `10.${randomInt(240, 250)}.${randomInt(256)}`,
        ];
        await rounds.start(
            project,
            {
                ...{ image, other, volume, space, lan, guest: guests[0], guest2: guests[1] },
                ...{ east, north, north2: north + 1 },
            },
            (update) => underLoad(east, update),
        );
    });

    afterAll(() => {
        project.remove();
        images.remove();
    });

    rounds.all({ properties, given, changes, reordered, takenBack, renamed });

    it("nothing is left when all is destroyed", async () => {
        await rounds.stack.destroy();
        expect(objectsOf(project.name)).toEqual({
            container: [`${project.name}-guest`, `${project.name}-guest2`],
            network: [],
            volume: [`${project.name}-data`],
        });
    });
});
