import { describe, expect, it } from "vitest";
import { z } from "zod";
import { resource } from "../../provider/adapter";
import { PartialFailure, type Context } from "../../provider/definition";
import { reasonOf } from "../../provider/docker/errors";

describe("a Docker host that cannot be reached", () => {
    const creating = (host: string, create: (context: Context) => Promise<unknown>) => {
        const { create: act } = resource<object, object, object>({
            type: "Probe",
            schema: z.object({}),
            outputs: [],
            replaceOn: [],
            create: async (_inputs, context) => ({ id: "id", outputs: (await create(context)) as object }),
        });
        const __urn = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/switchyard:Probe::probe";
        return act({ docker: { host: `unix:///nowhere/${host}` }, __urn }).then(
            () => "made",
            (error: Error) => error.message,
        );
    };
    const story = (host: string) =>
        expect.stringMatching(`^cannot reach Docker at unix:///nowhere/${host}: there is no such socket; start Docker`);
    const short = (host: string) => `cannot reach Docker at unix:///nowhere/${host} either: see the other error`;

    it("when several resources meet it, then the first tells the whole story, and the others refer to it", async () => {
        expect(await creating("a", (context) => context.host())).toEqual(story("a"));
        expect(await creating("a", (context) => context.host())).toBe(short("a"));
        expect(await creating("b", (context) => context.host())).toEqual(story("b"));
    });

    it("when who meets it first does without, then nobody has been told yet", async () => {
        const patient = async (context: Context) => {
            await context.host().catch(() => undefined);
            return context.host();
        };
        expect(await creating("c", patient)).toEqual(story("c"));
    });

    it("when it is why an object is not what it should be, then the same holds", async () => {
        const halfway = (context: Context) =>
            context.host().catch((error: unknown) => {
                throw new PartialFailure("id", {}, reasonOf(error), error);
            });
        expect(await creating("d", halfway)).toEqual(story("d"));
        expect(await creating("d", halfway)).toBe(short("d"));
    });
});
