import { z } from "zod";
import { keysOf, map, object, refuse, shorthand, unlessEmpty } from "../../schema/kit";
import { pathProblem } from "./paths";

const hostDevice = z
    .string()
    .refine((path) => !pathProblem(path), 'must be a device of the host such as "/dev/net/tun"');

/** Reading, writing, and making nodes of the device. */
const permissions = z.string().regex(/^(?=.)r?w?m?$/, 'must be "r", "w", "m" or some of them, in this order');
const ALL = "rwm";

const device = shorthand(
    hostDevice.transform((device) => ({ device, permissions: ALL })),
    object({ device: hostDevice, permissions: permissions.default(ALL) }),
    "must name a device of the host, or be { device, permissions }",
);

/** Devices of the Docker host, by their paths in the machine. */
export const devices = unlessEmpty(
    map(device).check((context) => {
        for (const path of keysOf(context.value)) {
            const problem = pathProblem(path);
            if (problem) refuse(context, [], problem);
        }
    }),
);
export type Devices = NonNullable<z.output<typeof devices>>;
