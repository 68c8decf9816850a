import type { z } from "zod";
import { generationOf, objectName } from "../model/names";
import { isDeletedFirst } from "../model/resources/machine/replaceMode";
import { SECRETS_OF_REGISTRIES } from "../model/resources/registryAuth";
import { virtualMachine as schema, type VirtualMachineState } from "../model/resources/virtualMachine";
import { PartialFailure, type Definition } from "./definition";
import { addressIn, inspectContainer, nameOf, type Inspection } from "./docker/containers";
import { reasonOf, statusOf } from "./docker/errors";
import { belongsTo } from "./docker/labels";
import { endMaking } from "./docker/unfinished";
import { adoptionProblem, forgottenMachine } from "./machine/adopt";
import { addressProblem, privateAddressClaims } from "./machine/address";
import { createMachine } from "./machine/container";
import { converge, type Made } from "./machine/converge";
import { describeLeftovers, leftBehind, removeLeftBehind } from "./machine/leftBehind";
import { imageDigestOf, imageProblem } from "./machine/imageDigest";
import { logsProblem } from "./machine/logs";
import { placeOf } from "./machine/place";
import { removeMachine } from "./machine/remove";
import { restartOf } from "./machine/restart";
import { sizeOf, sizeProblem } from "./machine/size";
import { backInSets, lose } from "./machine/turn";
import { differs } from "./properties";

export const virtualMachine: Definition<z.output<typeof schema>, VirtualMachineState, Made> = {
    type: "VirtualMachine",
    schema,
    secret: ["environment", "command", "labels", "userData", "healthCheck.command", ...SECRETS_OF_REGISTRIES],
    outputs: ["containerId", "address"],
    unseen: ["registryAuth"],
    // All that Docker fixes when it makes a container.
    replaceOn: [
        "alias",
        "hostname",
        "privateAddress",
        "image",
        "platform",
        "command",
        "environment",
        "userData",
        "disks",
        "devices",
        "capabilities",
        "healthCheck",
        "logs",
        "stopSignal",
        "labels",
        "docker",
    ],
    replaceIf: {
        network: (olds, { network }) => Boolean(olds.network) && differs(olds.network, network),
        // A machine that no longer follows its registry keeps what it has.
        imageDigest: (olds, { imageDigest }) => imageDigest !== undefined && differs(olds.imageDigest, imageDigest),
    },
    deleteBeforeReplace: isDeletedFirst,
    keepsName: true,
    renames: true,

    async derive(inputs, { urn, olds, replaces, host, announce }) {
        // Once the machine is there, no container is adopted any more, whether the program still names one or not.
        const adopt = olds || replaces ? olds?.adopt : inputs.adopt;
        const docker = olds && (await host());
        // Without an answer a preview does without.
        const found = docker ? await leftBehind(docker, urn, olds).catch(() => []) : [];
        const imageDigest = await imageDigestOf(inputs, { olds, host, announce });
        return {
            ...inputs,
            adopt,
            imageDigest,
            leftBehind: found.length > 0 ? describeLeftovers(found) : olds?.leftBehind,
        };
    },

    name: (_inputs, { identity, generation }) => objectName(identity, generation),

    claims: privateAddressClaims,

    forgotten: forgottenMachine,

    async isFree(host, name, owner, { adopt }) {
        if (name === adopt) return true;
        const existing = await inspectContainer(host, name);
        return !existing || belongsTo(existing.Config.Labels, owner);
    },

    async refuse(inputs, host, owner, olds) {
        const problems = [
            olds ? undefined : await adoptionProblem(host, inputs, owner),
            await imageProblem(host, inputs),
            await addressProblem(host, inputs, owner),
            await logsProblem(host, inputs.logs),
            await sizeProblem(host, inputs.size),
        ];
        return problems.filter((problem) => problem !== undefined);
    },

    async create(inputs, context) {
        const host = await context.host();
        try {
            const { id, name, takenOver } = await createMachine(host, inputs, context);
            const made = { ...inputs, name };
            const outputs = await partly(id, made, async () => {
                try {
                    const outputs = await converge(host, id, made, context);
                    if (context.successor && made.state === "running") await backInSets(host, made, context.progress);
                    return outputs;
                } finally {
                    await endMaking(host, name);
                }
            });
            return { id, outputs: { ...outputs, name }, takenOver };
        } catch (error) {
            if (context.successor) lose(inputs, reasonOf(error));
            throw error;
        }
    },

    async read(id, state, context) {
        const host = await context.host();
        const container = await inspectContainer(host, id);
        if (!container) return undefined;
        return {
            ...state,
            name: nameOf(container),
            ...(await placeOf(host, container, state)),
            size: await sizeOf(host, container, state.size),
            restart: restartOf(container, state.restart),
            state: runs(container) ? "running" : "stopped",
            address: addressIn(container, state.network),
        };
    },

    async update(id, olds, inputs, context) {
        const host = await context.host();
        // The container keeps the name that it got, which may not be the one that was planned.
        const got = objectName(context.identity, generationOf(olds.name)) === olds.name;
        const kept = got ? { ...inputs, name: olds.name } : inputs;
        const outputs = await partly(id, kept, () => converge(host, id, kept, context));
        // Of a creation that failed at its very end.
        await endMaking(host, kept.name);
        await removeLeftBehind(host, kept, context);
        return { ...outputs, name: kept.name };
    },

    async delete(id, state, context) {
        const host = await context.host();
        const container = await inspectContainer(host, id);
        if (container) await removeMachine(host, container, state, context);
        // Else what a killed run was to replace it by stays until the cloud service goes.
        if (!context.isDeclared && !context.yields) await removeLeftBehind(host, state, context);
    },
};

/** What fails leaves a machine that is there, and that the next update tries to mend. */
async function partly<T>(id: string, { name }: VirtualMachineState, act: () => Promise<T>): Promise<T> {
    try {
        return await act();
    } catch (error) {
        const message = statusOf(error) === undefined ? reasonOf(error) : `${name}: ${reasonOf(error)}`;
        throw new PartialFailure(id, { containerId: id, name }, message, error);
    }
}

function runs({ State }: Inspection): boolean {
    return (State.Running || State.Restarting) && !State.Paused;
}
