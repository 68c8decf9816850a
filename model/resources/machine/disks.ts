import { z } from "zod";
import { dockerName } from "../../schema/fields";
import { keysOf, map, object, refuse, shorthand, unlessEmpty } from "../../schema/kit";
import { pathProblem } from "./paths";

const disk = shorthand(
    dockerName.transform((volume) => ({ volume, readOnly: false })),
    object({ volume: dockerName, readOnly: z.boolean().default(false) }),
    "must name a Docker volume, or be { volume, readOnly }",
);

/** Volumes of the Docker host, by the path at which the machine finds them. */
export const disks = unlessEmpty(
    map(disk).check((context) => {
        for (const path of keysOf(context.value)) {
            const problem = pathProblem(path);
            if (problem) refuse(context, [], problem);
        }
    }),
);
export type Disks = NonNullable<z.output<typeof disks>>;
