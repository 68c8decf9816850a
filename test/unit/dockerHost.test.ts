import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { docker, SECRETS_OF_DOCKER } from "../../model/resources/docker";
import { object } from "../../model/schema/kit";
import { describeProblems } from "../../model/schema/problems";
import { UNKNOWN } from "../../model/schema/unknown";
import { plainDocker } from "../../sdk/docker";
import { registryAuthOf } from "../../sdk/registryAuth";
import { CERTIFICATE, KEY } from "./support/pem";

const schema = object({ docker });
function problemsOf(given: object): string[] {
    const parsed = schema.safeParse({ docker: given }, { reportInput: true });
    return parsed.success ? [] : describeProblems(parsed.error, { docker: given }, SECRETS_OF_DOCKER);
}

describe("the arguments that name a Docker host", () => {
    it.each([
        [{ host: "east" }, /^docker.host: must be the address of a Docker host, such as .* \(got "east"\)$/],
        [{ context: "no such" }, /^docker.context: must be the name of a Docker context, .* \(got "no such"\)$/],
        [{ certMaterial: CERTIFICATE }, /^docker.keyMaterial: is required with certMaterial, whose key it is/],
        [{ keyMaterial: KEY }, /^docker.certMaterial: is required with keyMaterial, whose certificate it is/],
        [{ caMaterial: "ca.pem" }, /^docker.caMaterial: must be certificates in PEM/],
        [{ certPath: "" }, /^docker.certPath: must be a folder with ca.pem, cert.pem and key.pem/],
        [{ sshOpts: [""] }, /^docker.sshOpts\[0\]: must be an option of ssh/],
        [{ sshOpts: "-v" }, /^docker.sshOpts: must be a list \(got "-v"\)$/],
        [{ hosts: "" }, /^docker: has unknown property "hosts"/],
    ])("given %o, then a sentence says what is wrong", (given, expected) => {
        expect(problemsOf(given)).toEqual([expect.stringMatching(expected)]);
    });

    it("given a key that is none, then no message repeats it", () => {
        expect(problemsOf({ certMaterial: CERTIFICATE, keyMaterial: "geheim" }).join()).not.toContain("geheim");
    });

    it("given all of them, or values that a preview does not know, then nothing is wrong", () => {
        const material = { caMaterial: CERTIFICATE, certMaterial: CERTIFICATE, keyMaterial: KEY };
        expect(problemsOf({ host: "tcp://192.0.2.1:2376", ...material, certPath: "/certs", sshOpts: ["-v"] })).toEqual(
            [],
        );
        expect(problemsOf({ host: UNKNOWN, certMaterial: UNKNOWN, keyMaterial: UNKNOWN, sshOpts: [UNKNOWN] })).toEqual(
            [],
        );
        expect(schema.parse({ docker: { host: undefined } })).toEqual({ docker: undefined });
    });
});

describe("a Docker host among a resource's inputs", () => {
    it("given a key, then it is a secret, and nothing beside it", async () => {
        const plain = plainDocker({ host: "tcp://192.0.2.1:2376", certMaterial: CERTIFICATE, keyMaterial: KEY }) as {
            host: string;
            keyMaterial: pulumi.Output<string>;
        };
        expect(plain.host).toBe("tcp://192.0.2.1:2376");
        expect(await pulumi.isSecret(plain.keyMaterial)).toBe(true);
    });

    it("given none, then it is as it was given", () => {
        const given = { host: "unix:///run/docker.sock" };
        expect(plainDocker(given)).toBe(given);
        expect(plainDocker(undefined)).toBeUndefined();
    });

    it.each([
        [{ host: "tcp://192.0.2.1:2376" }, { host: "tcp://192.0.2.1:2376" }],
        [{ host: "tcp://192.0.2.1:2376", context: "east" }, { context: "east" }],
        [
            { host: "ssh://east.example", sshOpts: ["-i", "key"] },
            { host: "ssh://east.example", sshOpts: ["-i", "key"] },
        ],
        [
            { host: "tcp://192.0.2.1:2376", certMaterial: CERTIFICATE, keyMaterial: KEY },
            { host: "tcp://192.0.2.1:2376", certMaterial: CERTIFICATE, keyMaterial: KEY },
        ],
    ])("given a provider of %o, then what it was given, the same in a preview", async (args, expected) => {
        await inBoth(async () => {
            const plain = pulumi.output(plainDocker(new Provider("east", args)));
            expect(await known(plain)).toEqual(expected);
        });
    });
});

describe("who pulls images, among a resource's inputs", () => {
    const login = { address: "ghcr.io", username: "anna", password: "geheim" };
    const passwordIsSecret = async (docker: Parameters<typeof registryAuthOf>[0]) => {
        const [first] = registryAuthOf(docker) as unknown as [{ address: string; password: pulumi.Output<string> }];
        expect(first.address).toBe("ghcr.io");
        return pulumi.isSecret(first.password);
    };

    it("given some, then the password is a secret, and nothing of it is in the way to the engine", async () => {
        const docker = { host: "ssh://east.example", registryAuth: [login] };
        expect(plainDocker(docker)).toEqual({ host: "ssh://east.example" });
        expect(await passwordIsSecret(docker)).toBe(true);
    });

    it("given an Output, then it is one with the password secret", async () => {
        for (const docker of [pulumi.output({ registryAuth: [login] }), { registryAuth: pulumi.output([login]) }]) {
            const logins = pulumi.output(registryAuthOf(docker as object));
            expect(await pulumi.isSecret(logins)).toBe(true);
            expect(await known(logins)).toEqual([login]);
        }
    });

    it.each([
        [
            [
                { ...login, configFile: "" },
                { address: "quay.io", configFile: "~/.docker/config.json" },
            ],
            [login],
        ],
        [undefined, undefined],
    ])("given a provider of %o, then those with a user, the same in a preview", async (registryAuth, expected) => {
        await inBoth(async () => {
            const provider = new Provider("east", { host: "ssh://east.example", registryAuth });
            const logins = pulumi.output(registryAuthOf(provider));
            expect(await known(pulumi.output({ logins }))).toEqual(expected ? { logins: expected } : {});
            expect(await pulumi.isSecret(logins)).toBe(expected !== undefined);
        });
    });
});

/** In a preview, and in an update. */
async function inBoth(test: () => Promise<void>): Promise<void> {
    for (const preview of [true, false]) {
        await pulumi.runtime.setMocks(
            { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs },
            "project",
            "stack",
            preview,
        );
        await test();
    }
}

/** As that of @pulumi/docker: what is no text becomes one. */
class Provider extends pulumi.ProviderResource {
    declare readonly host: pulumi.Output<string | undefined>;

    constructor(name: string, args: { host: string; [key: string]: unknown }) {
        const { context, caMaterial, certMaterial, keyMaterial, certPath } = args;
        const text = (list: unknown) =>
            pulumi.output(list as pulumi.Input<unknown[]>).apply((given) => given && JSON.stringify(given));
        const [sshOpts, registryAuth] = [text(args["sshOpts"]), text(args["registryAuth"])];
        const tls = { caMaterial, certMaterial, keyMaterial, certPath };
        super("docker", name, { host: args.host, context, ...tls, sshOpts, registryAuth });
    }
}

/** What a preview knows of it, which must be all. */
async function known(output: pulumi.Output<unknown>): Promise<unknown> {
    const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
    expect(await isKnown).toBe(true);
    return new Promise((resolve) => output.apply(resolve)).then((value) => JSON.parse(JSON.stringify(value)));
}
