import { z } from "zod";
import { list, object, refuse } from "../schema/kit";
import { isUnknown } from "../schema/unknown";

/** The server names of Docker Hub, whose images need none. */
const DOCKER_HUB = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]);

/** One name for each registry, however its address is written: `https://index.docker.io/v1/` is `docker.io`. */
export function registryName(address: string): string {
    const name = address
        .replace(/^https?:\/\//, "")
        .replace(/\/.*$/s, "")
        .toLowerCase();
    return DOCKER_HUB.has(name) ? "docker.io" : name;
}

const entry = object({
    address: z
        .string()
        .regex(
            /^(https?:\/\/)?[^\s/@]+(\/\S*)?$/,
            "must be the address of a registry, such as ghcr.io, registry.example:5000, or docker.io for Docker Hub",
        ),
    username: z.string().min(1, "must name a user"),
    password: z.string().min(1, "must not be empty"),
});

/** Who pulls images, by registry. */
export const registryAuth = list(entry)
    .check((context) => {
        const known = (login: unknown) => !isUnknown(login) && !isUnknown((login as { address: string }).address);
        const names = context.value.map((login) => (known(login) ? registryName(login.address) : undefined));
        names.forEach((name, index) => {
            if (name === undefined || names.indexOf(name) === index) return;
            refuse(
                context,
                [index, "address"],
                `must be given once for each registry; ${name} has credentials already`,
            );
        });
    })
    .optional();
export type RegistryAuth = NonNullable<z.infer<typeof registryAuth>>;

/** No message may repeat what is there. */
export const SECRETS_OF_REGISTRIES = ["registryAuth.*.password"] as const;
