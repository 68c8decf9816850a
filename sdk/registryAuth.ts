import * as pulumi from "@pulumi/pulumi";
import { told, type DockerArgs, type DockerProvider } from "./docker";
import { isEventual } from "./internal/problems";

/** Who pulls images from a registry. */
export interface RegistryAuthArgs {
    /** Of the registry, as images name it: `ghcr.io`, `registry.example:5000`; `docker.io` for Docker Hub. */
    address: pulumi.Input<string>;
    /** The user; `<token>` where the password is an identity token. */
    username: pulumi.Input<string>;
    /** The password, or a token in its place. It becomes a secret. */
    password: pulumi.Input<string>;
}

type Logins = pulumi.Input<pulumi.Input<RegistryAuthArgs>[]> | undefined;

/** Who pulls images there, with their passwords secret. */
export function registryAuthOf(docker: pulumi.Input<DockerArgs> | DockerProvider | undefined): Logins {
    if (pulumi.Resource.isInstance(docker)) return ofProvider(docker as { registryAuth?: unknown });
    if (!isEventual(docker)) return allSecret((docker as DockerArgs | undefined)?.registryAuth);
    return pulumi
        .output(docker as pulumi.Input<DockerArgs>)
        .apply(({ registryAuth }) => allSecret(registryAuth)) as Logins;
}

function allSecret(logins: Logins): Logins {
    if (isEventual(logins)) return pulumi.output(logins).apply(allSecret) as Logins;
    // Whatever else a program may give by mistake is for the provider's check to say.
    return Array.isArray(logins) ? logins.map(secret) : logins;
}

function secret(login: pulumi.Input<RegistryAuthArgs>): pulumi.Input<RegistryAuthArgs> {
    if (isEventual(login)) return pulumi.output(login).apply(secret) as pulumi.Output<RegistryAuthArgs>;
    const { password } = (login ?? {}) as Partial<RegistryAuthArgs>;
    return password === undefined ? login : { ...(login as RegistryAuthArgs), password: pulumi.secret(password) };
}

function ofProvider({ registryAuth }: { registryAuth?: unknown }): Logins {
    return told<string>(registryAuth).apply((text) => {
        // A provider's inputs are texts, whatever they mean.
        const logins: unknown = typeof text === "string" ? JSON.parse(text) : (text ?? []);
        const usable = (logins as RegistryAuthArgs[])
            .filter(({ username, password }) => Boolean(username) && Boolean(password))
            .map(({ address, username, password }) => ({ address, username, password }));
        return usable.length > 0 ? allSecret(usable) : undefined;
    }) as Logins;
}
