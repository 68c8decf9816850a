import { describe, expect, it } from "vitest";
import { image } from "../../model/resources/machine/image";
import { object } from "../../model/schema/kit";
import { describeProblems } from "../../model/schema/problems";
import { UNKNOWN } from "../../model/schema/unknown";

const schema = object({ image });
const problemsOf = (given: unknown) => {
    const result = schema.safeParse({ image: given }, { reportInput: true });
    return result.success ? [] : describeProblems(result.error, { image: given });
};

const hex = "0123456789abcdef".repeat(4);
const id = `sha256:${hex}`;

describe("an image of a machine", () => {
    it.each([
        "nginx",
        "nginx:1.29-alpine",
        "nginx:Latest_1.0",
        `nginx:${"x".repeat(128)}`,
        "library/nginx",
        "a__b.c--d/e_f",
        "localhost/web",
        "localhost:5000/web:1",
        // The name is `localhost`, the tag 5000.
        "localhost:5000",
        "registry.example:5000/team/web:v1.2",
        "Registry.Example/team/web",
        "Registry/web",
        "registry:1/web",
        "192.0.2.1:5000/web",
        "[2001:db8::1]:5000/web",
        `nginx@${id}`,
        `registry.example:5000/team/web:v1@${id}`,
        `nginx@sha512:${hex}${hex}`,
        `nginx@multihash+base58:${hex}`,
        // Ids of what the host has.
        id,
        hex,
        hex.slice(0, 12),
        "sha256:0123456789ab",
        "switchyard-gallery-web-server:000000000000",
        UNKNOWN,
    ])("may be %s", (given) => {
        expect(problemsOf(given)).toEqual([]);
    });

    it.each([
        "Web:latest",
        "Web",
        "registry.example/Team/web",
        "a b",
        " nginx",
        "nginx\n",
        "nginx:",
        "nginx:-1",
        "nginx:a:b",
        `nginx:${"x".repeat(129)}`,
        "nginx@latest",
        "nginx@sha256:0123",
        `nginx@sha256:${hex.toUpperCase()}`,
        `nginx@sha256:${hex}00`,
        `nginx@${id}:1`,
        `@${id}`,
        ":latest",
        "/nginx",
        "nginx/",
        "a//b",
        "-nginx",
        "nginx-",
        "a___b",
        "a..b",
        "my_registry:5000/web",
        "registry.example:port/web",
        "https://registry.example/web",
        "2001:db8::1/web",
        "ünginx",
    ])("is not %j", (given) => {
        const allowed =
            "image: must be a reference, such as nginx:1.29 or registry.example:5000/team/web@sha256:…, or an image's id; " +
            "names are in lower case, without spaces (got ";
        expect(problemsOf(given)).toEqual([expect.stringContaining(allowed)]);
    });

    it("must be given", () => {
        expect(problemsOf("")).toEqual(['image: must name an image (got "")']);
    });
});
