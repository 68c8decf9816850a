import { describe, expect, it } from "vitest";
import { z } from "zod";
import { object } from "../../model/schema/kit";
import { describeProblems } from "../../model/schema/problems";
import { unknownProperties } from "../../model/schema/unknownProperties";
import * as switchyard from "../../sdk";
import { refusalOf } from "./support/refusal";

const NAMES = ["environment", "publicPort", "privatePort", "readySeconds", "size", "ttlSeconds", "virtualMachines"];

describe("a property that nobody knows", () => {
    it.each([
        ["enviroment", "environment"],
        ["publicport", "publicPort"],
        ["readySecond", "readySeconds"],
        ["sise", "size"],
        ["szie", "size"],
        ["ttl", "ttlSeconds"],
        ["virtualMachine", "virtualMachines"],
        ["port", "publicPort"],
        ["roof", undefined],
        ["x", undefined],
        ["__proto__x", undefined],
    ])("given %s, then %s was meant", (key, meant) => {
        expect(unknownProperties({ [key]: 1 }, NAMES).map((found) => found.meant)).toEqual([meant]);
    });

    it("is never taken for one that is given too", () => {
        expect(unknownProperties({ size: 1, sise: 2 }, ["size", "colour"])).toEqual([
            { meant: undefined, sentence: 'has unknown property "sise" (allowed: colour)' },
        ]);
        expect(unknownProperties({ size: 1, sise: 2 }, ["size"])).toEqual([
            { meant: undefined, sentence: 'has unknown property "sise"' },
        ]);
    });

    it("is one problem with the required one that was meant", () => {
        const schema = object({ door: object({ width: z.number(), height: z.number() }), roof: z.number() });
        const input = { door: { widht: 1 }, rof: 2 };
        const { error } = schema.safeParse(input, { reportInput: true });
        expect(describeProblems(error!, input)).toEqual([
            "door.height: is required",
            'door: has unknown property "widht"; did you mean "width"? (others: height)',
            'has unknown property "rof"; did you mean "roof"?',
        ]);
    });
});

describe("arguments that no schema sees as they were given", () => {
    const service = () => new switchyard.CloudService("east");
    const anything = (value: unknown) => value as never;

    it.each<[string, (east: switchyard.CloudService) => unknown, string[]]>([
        [
            "of a cloud service",
            () => new switchyard.CloudService("west", anything({ adressSpace: "10.80.1.0/24" })),
            [
                'has unknown property "adressSpace"; did you mean "addressSpace"? ' +
                    "(others: advertisedAddress, docker, location, publicNetwork, publish, virtualIp)",
            ],
        ],
        [
            "of a public network",
            () => new switchyard.PublicNetwork("dmz", anything({ space: "10.80.1.0/24" })),
            ['has unknown property "space"; did you mean "addressSpace"? (others: docker, existing)'],
        ],
        [
            "of a load balancer, instead of what it requires",
            (east) => new switchyard.LoadBalancer("east", anything({ cloudService: east, endpoint: [] })),
            ['has unknown property "endpoint"; did you mean "endpoints"? (others: metrics, waitSeconds)'],
        ],
        [
            "of a container that exists",
            (east) =>
                switchyard.VirtualMachine.fromContainer(
                    "guest",
                    anything({ cloudService: east, container: "guest", aliases: "visitor" }),
                ),
            ['has unknown property "aliases"; did you mean "alias"?'],
        ],
        [
            "of a machine from the gallery, which takes more than others",
            () => switchyard.VirtualMachine.fromGallery("web", anything({ image: "web", endpoint: {} })),
            [
                expect.stringMatching(
                    /^has unknown property "endpoint"; did you mean "endpoints"\? \(others: adopt, capab/,
                ),
            ],
        ],
        ...Object.entries(switchyard)
            .filter(([, value]) => typeof value === "function" && /^class /.test(String(value)))
            .map(([name, value]): [string, () => unknown, string[]] => [
                `of a ${name} that is a text`,
                () => new (value as new (name: string, args: string) => unknown)("wrong", "none"),
                ['must be given an object of its arguments (got "none")'],
            ]),
    ])("%s", async (_whose, statement, problems) => {
        const refused = await refusalOf(service, statement);
        expect(refused.problems).toEqual(problems);
    });
});
