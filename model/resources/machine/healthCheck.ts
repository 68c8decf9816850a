import { z } from "zod";
import { numberBetween, wholeNumber } from "../../schema/fields";
import { list, object, shorthand } from "../../schema/kit";

/** A command that Docker runs in the machine, with Docker's own defaults. */
const check = object({
    command: list(z.string()).min(1, "must hold a program and its arguments"),
    intervalSeconds: numberBetween(0.1, 3600).default(30),
    timeoutSeconds: numberBetween(0.1, 3600).default(30),
    retries: wholeNumber(1, 100).default(3),
    startSeconds: numberBetween(0, 3600).default(0),
});

/** Instead of the image's health check; or that there is none. */
export const healthCheck = shorthand(z.literal("none"), check, 'must be "none" or { command, … }');
export type HealthCheck = z.output<typeof healthCheck>;
