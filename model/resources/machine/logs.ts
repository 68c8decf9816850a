import { z } from "zod";
import { wholeNumber } from "../../schema/fields";
import { object, shorthand } from "../../schema/kit";
import { amount } from "../memory";

const SMALLEST = 64 * 1024;

/** So that no machine fills its host's disk: Docker's own default is no limit. */
const DEFAULT = { maxSize: "10MiB", maxFiles: 3 };

const limits = object({
    maxSize: amount(SMALLEST, 'must be a size such as "10MiB", or a number of bytes').default(DEFAULT.maxSize),
    maxFiles: wholeNumber(1, 1000).default(DEFAULT.maxFiles),
});

/** Limits of what Docker keeps of a machine's output; `host` leaves them to the Docker host's own configuration. */
export const logs = shorthand(z.literal("host"), limits, 'must be "host" or { maxSize, maxFiles }');
export type Logs = z.output<typeof logs>;
export type LogLimits = z.output<typeof limits>;
export const DEFAULT_LOGS: LogLimits = DEFAULT;
