import { z } from "zod";
import { object } from "../schema/kit";

/**
 * The Docker host on which an object lives. Unset means DOCKER_HOST or the local socket, looked up whenever Pulumi runs
 * and never stored, so that a program may move between machines.
 */
export const docker = object({
    host: z
        .string()
        .regex(
            /^(unix|npipe|tcp|http|https|ssh):\/\/\S+$/,
            "must be the address of a Docker host, such as unix:///var/run/docker.sock, tcp://192.0.2.10:2376 or ssh://user@host",
        )
        .optional(),
})
    .optional()
    // An object that says nothing is none.
    .transform((docker) => (docker?.host === undefined ? undefined : docker));
export type DockerHost = z.infer<typeof docker>;
