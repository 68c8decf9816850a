import { z } from "zod";

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?";

/** One label, by which other machines ask DNS. */
export const hostName = z
    .string()
    .regex(
        new RegExp(`^${LABEL}$`),
        "must be usable as a host name: at most 63 letters, digits, '-' and '_', starting and ending with a letter or digit",
    );

/** What a machine may call itself: Linux takes 64 characters. */
export const fullHostName = z
    .string()
    .max(64, "must have at most 64 characters")
    .regex(
        new RegExp(`^${LABEL}(?:\\.${LABEL})*$`),
        "must be a host name such as db or db.contoso.example: letters, digits, '-' and '_', and dots between",
    );
