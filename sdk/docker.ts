import * as pulumi from "@pulumi/pulumi";
import { describe, isEventual, type Problem } from "./internal/problems";

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
    const plain = docker as DockerArgs | undefined;
    if (isEventual(docker) || plain?.keyMaterial === undefined) return plain;
    return { ...plain, keyMaterial: pulumi.secret(plain.keyMaterial) };
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
function told<T>(output: unknown): Told<T> {
    if (!pulumi.Output.isInstance<T>(output)) return pulumi.output(output as T | undefined) as Told<T>;
    const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
    return pulumi.output(isKnown.then((known) => (known ? output : undefined))) as Told<T>;
}

/**
 * An image that `@pulumi/docker` builds: a `docker.Image`. Only its shape matters; the package is not loaded.
 */
export interface BuiltImage {
    /** The reference that its build gave it, which may stay the same when its content changes. */
    readonly imageName: pulumi.Output<string>;
    /** What changes with its content: the pushed image's digest, or the local image's id. */
    readonly repoDigest?: pulumi.Output<string>;
}

/**
 * An image that `@pulumi/docker` pulls: a `docker.RemoteImage`. Only its shape matters; the package is not loaded.
 *
 * Give it `keepLocally: true` where something that Pulumi does not know uses the image too, or its deletion fails; the
 * program's own virtual machines are gone by then.
 */
export interface PulledImage {
    /** Docker's id of it, which changes whenever its content does. */
    readonly imageId: pulumi.Output<string>;
}

/** A network that exists: a `docker.Network` of `@pulumi/docker`. Only its shape matters; the package is not loaded. */
export interface ExistingNetwork {
    /** The name by which Docker knows it. */
    readonly name: pulumi.Output<string>;
}

/** A volume that exists: a `docker.Volume` of `@pulumi/docker`. Only its shape matters; the package is not loaded. */
export interface ExistingVolume {
    /** The name by which Docker knows it. */
    readonly name: pulumi.Output<string>;
    /** Where it is on the Docker host. */
    readonly mountpoint: pulumi.Output<string>;
}

/**
 * A container that exists: a `docker.Container` of `@pulumi/docker`. Only its shape matters; the package is not loaded.
 */
export interface ExistingContainer {
    /** The name by which Docker knows it. */
    readonly name: pulumi.Output<string>;
    /** The image that it runs. */
    readonly image: pulumi.Output<string>;
}

/** The reference by which Docker finds the image. */
export function imageReference(image: pulumi.Input<string> | BuiltImage | PulledImage): pulumi.Input<string> {
    // An Output answers to every property name, so only a resource may be asked for one.
    if (!pulumi.Resource.isInstance(image)) return image as pulumi.Input<string>;
    const { imageName, repoDigest, imageId } = image as Partial<BuiltImage & PulledImage>;
    if (imageName === undefined) return imageId!;
    // Before @pulumi/docker 4.4, an image that was not pushed has no digest.
    return repoDigest ? pulumi.all([repoDigest, imageName]).apply(([digest, name]) => digest || name) : imageName;
}

/** Whether something is neither a reference nor a resource that has one. */
export function isNoImage(image: unknown): boolean {
    if (pulumi.Resource.isInstance(image)) return !("imageName" in image || "imageId" in image);
    if (isEventual(image)) return false;
    return typeof image !== "string";
}

/** The name by which Docker knows a network or volume; not known before there is one. */
export function existingName(existing: pulumi.Input<string> | ExistingNetwork | ExistingVolume): pulumi.Input<string> {
    if (!pulumi.Resource.isInstance(existing)) return existing as pulumi.Input<string>;
    const { id, name } = existing as ExistingNetwork & pulumi.CustomResource;
    return pulumi.all([name, id]).apply(([known]) => known);
}

/** Name and id of a container; of one that is only named, the id is looked up when it is attached. */
export function containerReference(container: pulumi.Input<string> | ExistingContainer): {
    container: pulumi.Input<string>;
    containerId: pulumi.Input<string> | undefined;
} {
    if (!pulumi.Resource.isInstance(container))
        return { container: container as pulumi.Input<string>, containerId: undefined };
    const { name, id } = container as ExistingContainer & pulumi.CustomResource;
    return { container: name, containerId: id };
}

/** Whether something is neither a container's name nor a resource that is a container. */
export function isNoContainer(container: unknown): boolean {
    if (pulumi.Resource.isInstance(container))
        return !(pulumi.CustomResource.isInstance(container) && "name" in container && "image" in container);
    if (isEventual(container)) return false;
    return typeof container !== "string";
}
