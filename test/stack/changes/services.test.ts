import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { certify } from "../../support/certificates";
import { removeAll } from "../support/cleanUp";
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
        const nets = [2, 3].map((part) => {
            // Its name comes before those of the private networks, as Docker wants it.
            const name = `a-${project.name}-${part}`;
            docker("network", "create", "--subnet", `10.${randomInt(200, 208)}.${part}.0/24`, ...labels, name);
            return name;
        }) as [string, string];
        const certified = [await certify(), await certify()] as const;
        const [east, north] = [await freePort(), await freePorts(2)];
        const [space, lan, inner] = [
            `10.${randomInt(192, 200)}.${randomInt(256)}`,
            `10.${randomInt(240, 250)}.${randomInt(256)}`,
            `10.${randomInt(208, 216)}.${randomInt(256)}`,
        ];
        await rounds.start(
            project,
            {
                ...{ image, other, volume, space, lan, inner, guest: guests[0], guest2: guests[1] },
                ...{ east, north, north2: north + 1, net: nets[0], net2: nets[1] },
                ...{ certificate: certified[0].certificate, certificate2: certified[1].certificate },
                ...{ key: certified[0].key, key2: certified[1].key },
                platform: docker("version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"),
            },
            (update) => underLoad(east, update),
        );
    });

    afterAll(() => removeAll(project, images));

    rounds.all({ properties, given, changes, reordered, takenBack, renamed });

    it("nothing is left when all is destroyed", async () => {
        await rounds.stack.destroy();
        expect(objectsOf(project.name)).toEqual({
            container: [`${project.name}-guest`, `${project.name}-guest2`],
            network: [`a-${project.name}-2`, `a-${project.name}-3`],
            volume: [`${project.name}-data`],
        });
    });
});
