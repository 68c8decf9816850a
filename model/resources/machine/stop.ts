import { z } from "zod";
import { wholeNumber } from "../../schema/fields";

const NAMES = "HUP INT QUIT ABRT KILL USR1 USR2 PIPE ALRM TERM CONT WINCH IO PWR".split(" ").join("|");

export const stopSignal = z
    .string()
    .regex(
        new RegExp(`^SIG(?:${NAMES}|RTMIN(?:\\+(?:[1-9]|1[0-5]))?)$`),
        'must be a signal that asks a program to end, such as "SIGTERM", "SIGQUIT" or "SIGRTMIN+3"',
    );

export const stopGraceSeconds = wholeNumber(0, 3600);
/** Docker's own. */
export const DEFAULT_STOP_GRACE_SECONDS = 10;
