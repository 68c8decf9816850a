import { z } from "zod";

/** A server's name or address, and its port: capitals and IPv6 addresses are for newer Dockers only. */
const SERVER =
    /(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/;
const PART = /[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*/;
const TAG = /[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}/;
const DIGEST = /sha256:[a-f0-9]{64}|(?!sha256:)[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[a-fA-F0-9]{32,}/;
/** The grammar of references (distribution/reference, reference.go). An image's id is within it, whole or shortened. */
const REFERENCE = new RegExp(
    `^(?:${SERVER.source}/)?${PART.source}(?:/${PART.source})*(?::${TAG.source})?(?:@(?:${DIGEST.source}))?$`,
);

/** What no Docker would take: the rest only the Docker host, or a registry, can tell. */
export const image = z
    .string()
    .min(1, { error: "must name an image", abort: true })
    .regex(
        REFERENCE,
        "must be a reference, such as nginx:1.29 or registry.example:5000/team/web@sha256:…, or an image's id; " +
            "names are in lower case, without spaces",
    );

/** When the Docker host asks a registry for the machine's image. */
export const pullPolicy = z.enum(["always", "missing", "never"]);

/** What `uname -m` says, in Docker's words. */
const OTHER_NAMES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

/** What a build of an image is made for, as Docker writes it: the 64-bit ARM has one variant, which goes unsaid. */
export const platform = z
    .string()
    .regex(
        /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/i,
        "must be an operating system and an architecture, such as linux/amd64, linux/arm64 or linux/arm/v7",
    )
    .transform((text) => {
        const [system, architecture, variant] = text.toLowerCase().split("/") as [string, string, string?];
        return platformOf(system, OTHER_NAMES[architecture] ?? architecture, variant);
    });

export function platformOf(system: string, architecture: string, variant: string | undefined): string {
    const isUsual = !variant || (architecture === "arm64" && variant === "v8");
    return [system, architecture, ...(isUsual ? [] : [variant])].join("/");
}

/** Whether a build is what was asked for; who names no variant takes any. */
export function isFor(wanted: string, built: string): boolean {
    return built === wanted || built.startsWith(`${wanted}/`);
}
