import { generationOf, objectName, parseUrn } from "../../model/names";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { isUnknown } from "../../model/schema/unknown";
import { attachments } from "../attachment/link";
import type { Context, Derived } from "../definition";
import { inspectContainer, nameOf, type Inspection } from "../docker/containers";
import type { Host } from "../docker/host";
import { belongsTo, LABEL, type Owner } from "../docker/labels";
import { machinesOf } from "./leftBehind";
import { differences, foreignOptions } from "./likeness";

type Declared = Derived<VirtualMachineState>;

/** Why the container that is to be adopted cannot be this machine. */
export async function adoptionProblem(
    host: Host,
    inputs: VirtualMachineState,
    owner: Owner,
): Promise<string | undefined> {
    const { adopt } = inputs;
    if (adopt === undefined || isUnknown(adopt)) return undefined;
    const container = await inspectContainer(host, adopt);
    if (!container) {
        return `adopt: there is no container ${adopt} on ${host.address}; leave adopt out to have the machine made`;
    }
    const holder =
        container.Config.Labels?.[LABEL.urn] ??
        attachments(container.NetworkSettings.Networks).map(({ urn }) => urn)[0];
    if (holder !== undefined && holder !== owner.urn) {
        const { name, stack, project } = parseUrn(holder);
        return `adopt: must not be another resource's (got ${adopt}, which is ${name}'s of stack ${stack}, project ${project})`;
    }
    const options = await foreignOptions(host, container);
    if (options.length > 0) {
        return `adopt: must be made as a virtual machine is (got ${adopt}, made with ${options.join(", ")}); leave adopt out to have the machine made`;
    }
    const properties = await differences(host, container, inputs);
    if (properties.length === 0) return undefined;
    return `adopt: must be as declared (got ${adopt}, which differs in ${properties.join(", ")}); declare what it has, and change that afterwards`;
}

/**
 * The container that the machine has already: the one to adopt, or its own, which Pulumi has forgotten (`pulumi state
 * delete`, a lost state, a killed run), if it still is what is declared.
 */
export async function existingMachine(
    host: Host,
    inputs: VirtualMachineState,
    context: Context,
): Promise<Inspection | undefined> {
    if (inputs.adopt !== undefined) {
        const problem = await adoptionProblem(host, inputs, context);
        if (problem !== undefined) throw new Error(problem);
        const adopted = await inspectContainer(host, inputs.adopt);
        if (adopted && context.isKnown(nameOf(adopted)))
            throw new Error(`adopt: must not be another resource's (got ${inputs.adopt})`);
        return adopted;
    }
    const own = await inspectContainer(host, inputs.name);
    if (!own || !belongsTo(own.Config.Labels, context) || context.isKnown(inputs.name)) return undefined;
    if (!(await isAsDeclared(host, own, inputs))) return undefined;
    context.progress(`taking back ${inputs.name}, which was made for it before`);
    return own;
}

/** The name of the newest container of the machine's own that is what is declared: it may have been replaced before. */
export async function forgottenMachine(
    host: Host,
    { identity, urn }: Owner,
    inputs: Declared,
): Promise<string | undefined> {
    if (inputs.adopt !== undefined) return undefined;
    const own = (await machinesOf(host, urn)).filter(({ name }) => objectName(identity, generationOf(name)) === name);
    for (const { id, name } of own.sort((a, b) => generationOf(b.name) - generationOf(a.name))) {
        const container = await inspectContainer(host, id);
        if (container && (await isAsDeclared(host, container, inputs))) return name;
    }
    return undefined;
}

async function isAsDeclared(host: Host, container: Inspection, inputs: Declared): Promise<boolean> {
    return (
        (await foreignOptions(host, container)).length === 0 &&
        (await differences(host, container, inputs)).length === 0
    );
}
