import { z } from "zod";
import { numberBetween } from "../schema/fields";
import { object } from "../schema/kit";

/** Where an endpoint is: a region of the built-in table (`eastus`), or one that the traffic manager's `locations` name. */
export const location = z
    .string()
    .transform((text) => text.toLowerCase())
    .refine(
        (name) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
        'must be the name of a location such as "eastus"',
    );

/** Degrees. */
export const coordinates = object({ latitude: numberBetween(-90, 90), longitude: numberBetween(-180, 180) });
export type Coordinates = z.infer<typeof coordinates>;
