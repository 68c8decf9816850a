/** The process in which this package does its work. */
export const PROVIDER = "provider (Switchyard)";

const ROLES: [RegExp, string][] = [
    [/dynamic-provider/, PROVIDER],
    [/@pulumi\/pulumi\/cmd\/run/, "program (Pulumi's SDK, Switchyard's constructors)"],
    [/pulumi-language-nodejs/, "language host (Pulumi)"],
    [/^\S*pulumi /, "engine (Pulumi)"],
];

/** The processes of a run of the CLI, by what they do. */
export function roleOf(command: string): string {
    return ROLES.find(([pattern]) => pattern.test(command))?.[1] ?? "others";
}
