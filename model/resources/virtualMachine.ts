import { z } from "zod";
import { dockerName, numberBetween } from "../schema/fields";
import { list, map, object, refuse } from "../schema/kit";
import { machineState } from "../balancer/configuration";
import { docker } from "./docker";
import { memory } from "./memory";

/** Labels that start so are Switchyard's own. */
export const OWN_LABELS = "io.switchyard.";

const hostName = z
    .string()
    .regex(
        /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/,
        "must be usable as a host name: at most 63 letters, digits, '-' and '_', starting and ending with a letter or digit",
    );

const environment = map(z.string()).check((context) => {
    for (const name of keysOf(context.value)) {
        if (name === "" || /[=\0]/.test(name)) {
            refuse(context, [], `has a variable named ${JSON.stringify(name)}; names must not be empty or hold "="`);
        }
    }
});

const labels = map(z.string()).check((context) => {
    for (const name of keysOf(context.value)) {
        if (name === "") refuse(context, [], "has a label without a name");
        if (name.startsWith(OWN_LABELS))
            refuse(context, [name], `must not start with ${OWN_LABELS}, which is Switchyard's`);
    }
});

function keysOf(value: unknown): string[] {
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

export const restart = z.enum(["unless-stopped", "always", "on-failure", "no"]);

/** A container on the private network of one cloud service. */
export const virtualMachine = object({
    /** The machine's host name, and the name by which the other machines of its cloud service reach it. */
    alias: hostName,
    network: dockerName,
    gateway: dockerName,
    image: z.string().min(1, "must name an image"),
    command: list(z.string()).optional(),
    environment: environment.default({}),
    size: object({ cpus: numberBetween(0.01, 1024).optional(), memory: memory.optional() }).default({}),
    restart: restart.default("unless-stopped"),
    state: machineState.default("running"),
    labels: labels.default({}),
    readySeconds: numberBetween(1, 3600).default(60),
    docker,
});
export type VirtualMachineInputs = z.input<typeof virtualMachine>;
export type VirtualMachineState = z.output<typeof virtualMachine> & { name: string };
export type Size = VirtualMachineState["size"];
