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
        const host = await context.host();
        if ((await createVolume(host, name, context)) === "taken over") takenOver.add(`${host.address} ${name}`);
        return { id: name, outputs: {} };
    },

    async read(_id, state, context) {
        return (await inspectVolume(await context.host(), state.name)) ? state : undefined;
    },

    async delete(_id, { name }, context) {
        const host = await context.host();
        // Replaced by itself: the new resource has taken the volume over, and a gateway uses it.
        if (takenOver.has(`${host.address} ${name}`)) return;
        await sweep(host, { volume: [name] }, context);
        await removeVolume(host, name);
    },
};

/** By this run: what a killed run left, or what it replaces by itself. */
const takenOver = new Set<string>();
