import { z } from "zod";

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
