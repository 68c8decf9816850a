import type { MemberArgs } from "../member";
import type { VirtualMachine } from "../virtualMachine";
import { factsOf, kindOf, type Brands, type MemberShare } from "./brand";
import { describe, notA, type Problem } from "./problems";

export interface Member {
    readonly facts: Brands["VirtualMachine"];
    readonly share: MemberShare;
}

/** A list may name a machine by itself, or with its share. */
export function memberOf(entry: VirtualMachine | MemberArgs): Member {
    const facts = factsOf(entry, "VirtualMachine");
    if (facts) return { facts, share: {} };
    const { virtualMachine, ...share } = entry as MemberArgs;
    return { facts: factsOf(virtualMachine, "VirtualMachine")!, share };
}

/** The problem with a value that should be one, if there is one. */
function notAMember(path: string, entry: unknown): Problem[] {
    return isMemberArgs(entry)
        ? notA("VirtualMachine", `${path}.virtualMachine`, entry.virtualMachine)
        : notA("VirtualMachine", path, entry);
}

function isMemberArgs(entry: unknown): entry is MemberArgs {
    return typeof entry === "object" && entry !== null && !kindOf(entry) && Object.hasOwn(entry, "virtualMachine");
}

export function nameOfCloudService(cloudService: object): string {
    return factsOf(cloudService, "CloudService")?.name ?? "?";
}

/** Maps are keyed by logical names, so in one list each can stand once. */
export function repeated(property: string, labels: readonly string[], rule: string): Problem[] {
    return labels.flatMap((label, index) => {
        const first = labels.indexOf(label);
        return first === index ? [] : [`${property}[${index}]: ${rule} (got ${label} again, after [${first}])`];
    });
}

type Machine = Brands["VirtualMachine"];

/** What is wrong with the members of a set. */
export function problemsOfMembers(virtualMachines: unknown): Problem[] {
    return problemsOfList(virtualMachines, notAMember, (entry) => memberOf(entry as MemberArgs).facts);
}

/** What is wrong with the machines that share something. */
export function problemsOfMachines(virtualMachines: unknown): Problem[] {
    const notAMachine = (path: string, machine: unknown) => notA("VirtualMachine", path, machine);
    return problemsOfList(virtualMachines, notAMachine, (machine) => factsOf(machine, "VirtualMachine")!);
}

function problemsOfList(
    virtualMachines: unknown,
    problemOf: (path: string, entry: unknown) => Problem[],
    machineOf: (entry: unknown) => Machine,
): Problem[] {
    if (virtualMachines === undefined) return ["virtualMachines: is required"];
    if (!Array.isArray(virtualMachines))
        return [`virtualMachines: must be a list of VirtualMachines (got ${describe(virtualMachines)})`];
    if (virtualMachines.length === 0) return ["virtualMachines: must have at least one virtual machine (got [])"];
    const problems = virtualMachines.flatMap((entry, index) => problemOf(`virtualMachines[${index}]`, entry));
    if (problems.length > 0) return problems;
    const machines = virtualMachines.map(machineOf);
    const names = machines.map((machine) => machine.name);
    return [...strangers(machines), ...repeated("virtualMachines", names, "each has a name of its own")];
}

function strangers([first, ...others]: Machine[]): Problem[] {
    return others.flatMap((machine, index) => {
        if (machine.cloudService === first!.cloudService) return [];
        return [
            `virtualMachines[${index + 1}]: must be a virtual machine of cloud service ` +
                `${nameOfCloudService(first!.cloudService)}, as ${first!.name} is ` +
                `(got ${machine.name} of cloud service ${nameOfCloudService(machine.cloudService)})`,
        ];
    });
}
