import * as pulumi from "@pulumi/pulumi";
import { describe, isEventual, type Problem } from "./internal/problems";
import type { RegistryAuthArgs } from "./registryAuth";

/**
 * Which Docker Engine something lives on. The names are those of the arguments of a `docker.Provider` of
 * `@pulumi/docker`.
 *
 * What is left out is looked up at each run, as the `docker` command does it, and never stored, so one program serves
 * developers with different Docker set-ups: `DOCKER_HOST`, else the context named by `DOCKER_CONTEXT`, else the current
 * one (`docker context use`), else the local socket.
 *
 * Another engine replaces what lives there. Another way to the same engine (an address instead of nothing, a name
 * instead of an IP address, ssh instead of a socket), another certificate, key or option is an update in place: Docker
 * is asked for its id at both ends, or, where the old way is gone, at the new one only. What nobody answers for counts
 * as another engine. The network that a stack's cloud services share is named after `host` or `context` as it is
 * written: to change the way to it, declare a `PublicNetwork` of the old name and give it to them.
 *
 * A host that does not answer does not keep a preview from validating. An update fails with the reason; so do refresh and
 * destroy when another engine answers than the one that was used. When an engine is gone for good, the environment
 * variable `SWITCHYARD_LOST_ENGINE`, set to its id (the message names it), lets `pulumi refresh` and `pulumi destroy`
 * forget what it had.
 */
export interface DockerArgs {
    /**
     * Address of the Docker Engine: `unix:///var/run/docker.sock`, `tcp://10.0.0.5:2376`, `ssh://admin@east.example`.
     *
     * `ssh` is the machine's own, with its configuration, agent, known hosts and jump hosts; it never asks anything, and
     * the docker command must be at its other end. TCP goes over TLS at port 2376, with `https://`, with certificates,
     * or when `DOCKER_TLS_VERIFY` is set.
     *
     * @default what the environment variable `DOCKER_HOST` says, or the current Docker context, or the local socket
     */
    host?: pulumi.Input<string>;
    /**
     * A Docker context of the machine on which Pulumi runs, by its name in `docker context ls`. It overrides `host`, as
     * in `@pulumi/docker`.
     *
     * @default none: see `host`
     * @example "east"
     */
    context?: pulumi.Input<string>;
    /**
     * Certificates of the authorities by which the host's certificate may be signed, in PEM.
     *
     * @default `ca.pem` in `certPath`
     */
    caMaterial?: pulumi.Input<string>;
    /**
     * The certificate that is shown to the host, in PEM; needs `keyMaterial`.
     *
     * @default `cert.pem` in `certPath`
     */
    certMaterial?: pulumi.Input<string>;
    /**
     * The key of `certMaterial`, in PEM, without a passphrase. It becomes a secret, unless `docker` as a whole is an
     * Output: then make it one yourself.
     *
     * @default `key.pem` in `certPath`
     */
    keyMaterial?: pulumi.Input<string>;
    /**
     * A folder with `ca.pem`, `cert.pem` and `key.pem` on the machine on which Pulumi runs.
     *
     * @default for TCP with TLS what the environment variable `DOCKER_CERT_PATH` says, or `~/.docker`
     */
    certPath?: pulumi.Input<string>;
    /**
     * Options of the `ssh` command, one word each. They come before ours (`BatchMode=yes`, `ConnectTimeout=10`), so they
     * win. Six connections at most are opened at once, because ssh servers drop some of more than ten that log in.
     *
     * @default none
     * @example ["-i", "/home/anna/.ssh/east", "-o", "StrictHostKeyChecking=accept-new"]
     */
    sshOpts?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Who pulls images, by registry; the engine asks the registries, with what it is given for each pull.
     *
     * For a registry that is not here it is what the `docker` command would show it on the machine on which Pulumi runs:
     * the environment variable `DOCKER_AUTH_CONFIG`, then `config.json` in `DOCKER_CONFIG` or `~/.docker`, with its
     * `credHelpers`, `credsStore` and `auths`. So after `docker login` nothing needs to be here.
     *
     * A change shows in no preview and touches no machine: tokens that are made anew for each run are no reason to do
     * anything. Passwords become secrets. Of a `docker.Provider` those with a user and a password are taken over; for
     * those with a `configFile` say `DOCKER_CONFIG`.
     *
     * @default none
     * @example [{ address: "ghcr.io", username: "anna", password: config.requireSecret("ghcrToken") }]
     */
    registryAuth?: pulumi.Input<pulumi.Input<RegistryAuthArgs>[]>;
}

/**
 * The Docker Engine of a `docker.Provider` of `@pulumi/docker`, so that one object tells both packages where to work.
 * Only its shape matters; the package is not loaded.
 */
export interface DockerProvider {
    /** Address of the Docker Engine; context, certificates and ssh options are taken from it too. */
    readonly host: pulumi.Output<string | undefined>;
}

/** What keeps it from being a Docker Engine; `path` leads to what was given. */
export function problemsOfDocker(docker: unknown, path = ""): Problem[] {
    if (!pulumi.Resource.isInstance(docker) || "host" in docker) return [];
    return [`${path}docker: must be { host } or a docker.Provider (got ${describe(docker)})`];
}

/**
 * Which Docker Engine, plainly: a resource among a resource's inputs would be a reference to it. The key becomes a
 * secret.
 */
export function plainDocker(
    docker: pulumi.Input<DockerArgs> | DockerProvider | undefined,
): pulumi.Input<DockerArgs> | undefined {
    if (pulumi.Resource.isInstance(docker)) return ofProvider(docker as DockerProvider);
    if (isEventual(docker)) return pulumi.output(docker).apply((known) => withoutRegistries(known as DockerArgs));
    const plain = withoutRegistries(docker as DockerArgs | undefined);
    if (plain?.keyMaterial === undefined) return plain;
    return { ...plain, keyMaterial: pulumi.secret(plain.keyMaterial) };
}

/** Who pulls is no part of the way to the engine, and for those only who pull. */
function withoutRegistries<Args extends object | undefined>(docker: Args): Args {
    if (typeof docker !== "object" || !("registryAuth" in docker)) return docker;
    const { registryAuth: _registryAuth, ...way } = docker;
    return way as Args;
}

function ofProvider(provider: DockerProvider & Partial<Record<keyof DockerArgs, unknown>>): DockerArgs {
    const context = told<string>(provider.context);
    const [certMaterial, keyMaterial] = [told<string>(provider.certMaterial), told<string>(provider.keyMaterial)];
    // A preview may know only one of them, and neither is of use alone.
    const both = pulumi.all([certMaterial, keyMaterial]).apply(([cert, key]) => Boolean(cert && key));
    const ifBoth = (pem: Told<string>) => pulumi.all([both, pem]).apply(([has, text]) => (has ? text : undefined));
    const given: { [Key in keyof DockerArgs]: pulumi.Output<unknown> } = {
        // A provider has the DOCKER_HOST of its program even where it has a context, which overrides it.
        host: context.apply((named) => (named ? undefined : provider.host)),
        context,
        caMaterial: told(provider.caMaterial),
        certMaterial: ifBoth(certMaterial),
        keyMaterial: ifBoth(keyMaterial).apply((pem) => pem && pulumi.secret(pem)),
        certPath: told(provider.certPath),
        // A provider's inputs are texts, whatever they mean.
        sshOpts: told(provider.sshOpts).apply((options): unknown =>
            typeof options === "string" ? JSON.parse(options) : options,
        ),
    };
    return given as DockerArgs;
}

type Told<T> = pulumi.Output<T | undefined>;

/** What was never given to a provider is unknown in a preview, which must not make it differ: then it is nothing. */
export function told<T>(output: unknown): Told<T> {
    if (!pulumi.Output.isInstance<T>(output)) return pulumi.output(output as T | undefined) as Told<T>;
    const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
    return pulumi.output(isKnown.then((known) => (known ? output : undefined))) as Told<T>;
}
