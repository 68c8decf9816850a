import type { VirtualMachineState } from "../../model/resources/virtualMachine";

/** Texts that may be secret, each with the name of the property that shows in its place. */
export type Hidden = readonly (readonly [property: string, text: string])[];

/** Shorter values are no secrets, and would hide what a message says. */
const SHORTEST_SECRET = 4;
/** Those that are no longer may be a part of an ordinary word, and hide only where they stand alone. */
const LONGEST_WORD = 5;

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
    const byValue = new Map([...hidden].reverse().map(([property, value]) => [value, property]));
    const values = [...byValue.keys()].filter((value) => value.length >= SHORTEST_SECRET && text.includes(value));
    if (values.length === 0) return text;
    const patterns = values.sort((a, b) => b.length - a.length).map(patternOf);
    // All at once: what shows in the place of one is not looked at again.
    return text.replace(new RegExp(patterns.join("|"), "g"), (value) => `[${byValue.get(value)}]`);
}

function patternOf(value: string): string {
    const literal = value.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
    return value.length > LONGEST_WORD ? literal : `(?<!\\w)${literal}(?!\\w)`;
}
