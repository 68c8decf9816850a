import type { z } from "zod";
import { objectBaseName } from "../model/names";
import { runtimeVolume as schema, type RuntimeVolumeState } from "../model/resources/runtime";
import type { Definition } from "./definition";
import { belongsTo, describeStranger } from "./docker/labels";
import { sweep } from "./docker/sweep";
import { createVolume, inspectVolume, removeVolume } from "./docker/volumes";

export const runtimeVolume: Definition<z.output<typeof schema>, RuntimeVolumeState> = {
    type: "RuntimeVolume",
    schema,
    outputs: [],
    replaceOn: ["name", "docker"],
    name: (_inputs, { identity }) => objectBaseName(identity),

    async refuse({ name }, host, owner) {
        const existing = await inspectVolume(host, name);
        if (!existing || belongsTo(existing.Labels, owner)) return [];
        return [describeStranger("volume", name, host.address, existing.Labels)];
    },

    async create({ name }, context) {
        const done = await createVolume(await context.host(), name, context);
        return { id: name, outputs: {}, takenOver: done === "taken over" };
    },

    async read(_id, state, context) {
        return (await inspectVolume(await context.host(), state.name)) ? state : undefined;
    },

    async delete(_id, { name }, context) {
        const host = await context.host();
        await sweep(host, { volume: [name] }, context);
        await removeVolume(host, name);
    },
};
