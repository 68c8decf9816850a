import { z } from "zod";
import { list, object, refuse } from "../schema/kit";
import { certificates, privateKey } from "../schema/pem";

/** Every address of a Docker host begins so. */
const HOST = /^(unix|npipe|tcp|http|https|ssh):\/\/\S+$/;

const fields = {
    host: z
        .string()
        .regex(
            HOST,
            "must be the address of a Docker host, such as unix:///var/run/docker.sock, tcp://192.0.2.10:2376 or ssh://user@host",
        )
        .optional(),
    context: z
        .string()
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$/, "must be the name of a Docker context, as `docker context ls` shows it")
        .optional(),
    caMaterial: certificates.optional(),
    certMaterial: certificates.optional(),
    keyMaterial: privateKey.optional(),
    certPath: z.string().min(1, "must be a folder with ca.pem, cert.pem and key.pem").optional(),
    sshOpts: list(z.string().min(1, "must be an option of ssh, such as -o or StrictHostKeyChecking=yes")).optional(),
};

/**
 * The Docker host on which an object lives. Unset means DOCKER_HOST, the current Docker context or the local socket,
 * looked up whenever Pulumi runs and never stored, so that a program may move between machines.
 */
export const docker = object(fields)
    .check((context) => {
        const { certMaterial, keyMaterial } = context.value;
        if (certMaterial !== undefined && keyMaterial === undefined)
            refuse(context, ["keyMaterial"], "is required with certMaterial, whose key it is");
        if (keyMaterial !== undefined && certMaterial === undefined)
            refuse(context, ["certMaterial"], "is required with keyMaterial, whose certificate it is");
    })
    .optional()
    // An object that says nothing is none.
    .transform((docker) => (Object.values(docker ?? {}).every((value) => value === undefined) ? undefined : docker));
export type DockerHost = NonNullable<z.infer<typeof docker>>;

/** No message may repeat what is there. */
export const SECRETS_OF_DOCKER = ["docker.keyMaterial"] as const;
