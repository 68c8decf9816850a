import type { VirtualMachineState } from "../../model/resources/virtualMachine";

/** Texts that may be secret, each with the name of the property that shows in its place. */
export type Hidden = readonly (readonly [property: string, text: string])[];

/** Shorter values would hide ordinary words, and are no secrets. */
const SHORTEST_SECRET = 6;

type Telling = Partial<Pick<VirtualMachineState, "environment" | "userData" | "command" | "healthCheck">>;

export function hiddenOf({ environment = {}, userData = {}, command = [], healthCheck }: Telling): Hidden {
    const check = typeof healthCheck === "object" ? healthCheck.command : [];
    return [
        ...Object.entries(environment).map(([name, value]) => [`environment.${name}`, value] as const),
        ...argumentsOf("command", command),
        ...argumentsOf("healthCheck.command", check),
        ...Object.entries(userData).flatMap(([path, file]) =>
            tellingParts(typeof file === "string" ? file : file.content).map(
                (part) => [`userData[${JSON.stringify(path)}]`, part] as const,
            ),
        ),
    ];
}

/** A program's own name is no secret, and the first thing to know when it cannot be run. */
function argumentsOf(property: string, command: readonly string[]): Hidden {
    return command
        .flatMap((argument, index) =>
            [argument, ...tellingParts(argument)].map((part) => [`${property}[${index}]`, part] as const),
        )
        .filter(([shown]) => shown !== `${property}[0]`);
}

/** A program prints a line of its configuration, or what it says of one key. */
function tellingParts(content: string): string[] {
    return content.split("\n").flatMap((line) => {
        const value = /^[^=:]*[=:](.*)$/.exec(line)?.[1] ?? "";
        return [line.trim(), value.trim().replace(/^["']|["'],?$/g, "")];
    });
}

/** Pulumi keeps messages in its state, in plain text, and a program may print its secrets as it dies. */
export function withoutValues(text: string, hidden: Hidden): string {
    return hidden
        .filter(([, value]) => value.length >= SHORTEST_SECRET)
        .sort(([, a], [, b]) => b.length - a.length)
        .reduce((shown, [property, value]) => shown.replaceAll(value, `[${property}]`), text);
}
