import type { z } from "zod";
import { objectBaseName } from "../model/names";
import { runtimeVolume as schema, type RuntimeVolumeState } from "../model/resources/gateway";
import type { Definition } from "./definition";
import { createVolume, inspectVolume, removeVolume } from "./docker/volumes";

export const runtimeVolume: Definition<z.output<typeof schema>, RuntimeVolumeState> = {
    type: "RuntimeVolume",
    schema,
    outputs: [],
    replaceOn: ["name", "docker"],
    name: (_inputs, { identity }) => objectBaseName(identity),

    async create({ name }, context) {
        await createVolume(await context.host(), name, context);
        return { id: name, outputs: {} };
    },

    async read(_id, state, context) {
        return (await inspectVolume(await context.host(), state.name)) ? state : undefined;
    },

    async delete(_id, { name }, context) {
        await removeVolume(await context.host(), name);
    },
};
