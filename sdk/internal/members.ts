import { factsOf, type Brands } from "./brand";
import { describe, notA, type Problem } from "./problems";

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

/** What is wrong with the machines that share something. */
export function problemsOfMachines(virtualMachines: unknown): Problem[] {
    if (virtualMachines === undefined) return ["virtualMachines: is required"];
    if (!Array.isArray(virtualMachines))
        return [`virtualMachines: must be a list of VirtualMachines (got ${describe(virtualMachines)})`];
    if (virtualMachines.length === 0) return ["virtualMachines: must have at least one virtual machine (got [])"];
    const problems = virtualMachines.flatMap((machine, index) =>
        notA("VirtualMachine", `virtualMachines[${index}]`, machine),
    );
    if (problems.length > 0) return problems;
    const machines = virtualMachines.map((machine) => factsOf(machine, "VirtualMachine")!);
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
