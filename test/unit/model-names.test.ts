import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dockerNamePart, generationOf, objectBaseName, objectName, parseUrn } from "../../model/names";
import { dockerName } from "../../model/schema/fields";

describe("a URN", () => {
    test("names stack, project and resource", () => {
        expect(
            parseUrn("urn:pulumi:dev::shop::switchyard:CloudService$pulumi-nodejs:dynamic/switchyard:Gateway::east"),
        ).toEqual({ stack: "dev", project: "shop", name: "east" });
    });

    test("may have a name with colons", () => {
        expect(parseUrn("urn:pulumi:dev::shop::a:b:C::web::1").name).toBe("web::1");
    });

    test.each([
        "",
        "dev::shop::a:b:C::web",
        "urn:pulumi:dev::shop",
        "urn:pulumi:dev::shop::a:b:C",
        "urn:pulumi:::::::x",
    ])("%j is none", (text) => {
        expect(() => parseUrn(text)).toThrow(`not a Pulumi URN: ${text}`);
    });
});

describe("names of Docker objects", () => {
    const identity = { stack: "dev", project: "shop", name: "web1" };

    test("show the stack, the resource and its generation", () => {
        expect(objectName(identity, 2)).toBe("dev-web1-2");
        expect(objectBaseName(identity)).toBe("dev-web1");
        expect(generationOf("dev-web1-2")).toBe(2);
        expect(generationOf("dev-web1")).toBe(0);
    });

    test.each([
        ["web 1/a", "web-1-a"],
        ["--web--", "web"],
        ["größe", "gr-e"],
        ["…", "x"],
        ["", "x"],
        ["a_b.c-d", "a_b.c-d"],
    ])("have %j in them as %s", (text, part) => {
        expect(dockerNamePart(text)).toBe(part);
    });

    test("are ones that Docker takes, and tell the generation, whatever stack and resource are called", () => {
        fc.assert(
            fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 100_000 }), (stack, name, generation) => {
                const text = objectName({ stack, project: "shop", name }, generation);
                expect(dockerName.safeParse(text).success).toBe(true);
                expect(generationOf(text)).toBe(generation);
            }),
        );
    });
});
