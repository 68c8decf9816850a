import * as pulumi from "@pulumi/pulumi";
import type { CloudService } from "./cloudService";
import { imageReference, isNoImage, type BuiltImage, type PulledImage } from "./docker";
import {
    fromGallery,
    quickCreate,
    type FromGallery,
    type FromGalleryArgs,
    type QuickCreateArgs,
} from "./gallery/fromGallery";
import type { GalleryImage } from "./gallery/galleryImage";
import { brand, factsOf, isKind } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { describe, notA, refuse, type Problem } from "./internal/problems";

/** What a `VirtualMachine` runs, and where. */
export interface VirtualMachineArgs {
    /** The cloud service in which the machine is. A change replaces the machine. */
    cloudService: CloudService;

    /**
     * The image that the machine runs: a reference, a `GalleryImage`, or a `docker.Image` or `docker.RemoteImage` of
     * `@pulumi/docker`.
     *
     * The Docker host pulls it when it does not have it. A change replaces the machine: the new one is made beside the
     * old one, and a load balancer moves connections over once the new one is healthy.
     *
     * @example "nginx:1.29"
     */
    image: pulumi.Input<string> | GalleryImage | BuiltImage | PulledImage;

    /**
     * The command that the machine runs, as a list of arguments. A change replaces the machine.
     *
     * @default the image's own
     * @example ["node", "server.js"]
     */
    command?: pulumi.Input<pulumi.Input<string>[]>;

    /**
     * Environment variables. Secrets stay secret in state and in previews. A change replaces the machine.
     *
     * @default none beside the image's own
     * @example { LOG_LEVEL: "info", API_KEY: config.requireSecret("apiKey") }
     */
    environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * How much of the Docker host the machine may use. A change takes effect in place, without a restart.
     *
     * @default no limit
     * @example { cpus: 0.5, memory: "512MiB" }
     */
    size?: pulumi.Input<VirtualMachineSizeArgs>;

    /**
     * When Docker starts the machine again: `"unless-stopped"` and `"always"` whenever it ends and after a reboot of
     * the host, `"on-failure"` when it ends with an error, `"no"` never. A change takes effect in place.
     *
     * @default "unless-stopped"
     */
    restart?: pulumi.Input<"unless-stopped" | "always" | "on-failure" | "no">;

    /**
     * Whether the machine is to run. A machine that is to stop first leaves its load-balanced sets. A change takes
     * effect in place, and a machine that was stopped by hand is started again by the next `pulumi up --refresh`.
     *
     * @default "running"
     */
    state?: pulumi.Input<"running" | "stopped">;

    /**
     * Labels of the container, beside Switchyard's own (`io.switchyard.*`). A change replaces the machine.
     *
     * @default none
     * @example { team: "storefront" }
     */
    labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * Seconds, 1 to 3600, that the machine may take until it runs, and until it is healthy where its image has a `HEALTHCHECK`:
     * after them the update fails with the machine's last log lines. A change takes effect in place.
     *
     * @default 60
     */
    readySeconds?: pulumi.Input<number>;
}

/** How much of a Docker host a virtual machine may use. */
export interface VirtualMachineSizeArgs {
    /**
     * Processors, 0.01 to 1024: `0.5` is half a processor's time.
     *
     * @default no limit
     */
    cpus?: pulumi.Input<number>;

    /**
     * Memory, at least 6 MiB: with its unit (`"512MiB"`, `"2GiB"`), or in bytes. A machine that needs more is ended by
     * the kernel.
     *
     * @default no limit
     */
    memory?: pulumi.Input<string | number>;
}

/**
 * A virtual machine: a container on the private network of one cloud service.
 *
 * The other machines of the cloud service reach it by its name and private address, without any endpoint. The outside
 * world reaches it through an `Endpoint` or a `LoadBalancedSet`.
 *
 * @example
 * ```ts
 * const web = [1, 2, 3].map(
 *     (n) => new switchyard.VirtualMachine(`web${n}`, { cloudService: service, image: "nginx:1.29" }),
 * );
 * ```
 */
export class VirtualMachine extends pulumi.CustomResource {
    /** Name of the container; it ends in a number that counts the machine's replacements. */
    readonly containerName: pulumi.Output<string>;
    /** Docker's id of the container. */
    declare readonly containerId: pulumi.Output<string>;
    /** The machine's address on the private network when it was last looked at; a restart may change it. */
    declare readonly address: pulumi.Output<string>;

    /**
     * @param options without `deleteBeforeReplace`, which a machine that serves refuses
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: VirtualMachineArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("VirtualMachine");
        refuse(problemsOf(args), type, name, options);
        const { cloudService, image, ...settings } = args;
        const inputs = {
            command: undefined,
            environment: undefined,
            size: undefined,
            restart: undefined,
            state: undefined,
            labels: undefined,
            readySeconds: undefined,
            ...settings,
            name: undefined,
            alias: name,
            image: imageReference(image),
            network: cloudService.privateNetwork,
            gateway: cloudService.gateway,
            docker: factsOf(cloudService, "CloudService")?.docker,
        };
        super(type, name, properties("VirtualMachine", name, inputs, ["containerId", "address"], options), options);
        const { name: container, state } = this as unknown as Record<"name" | "state", pulumi.Output<string>>;
        this.containerName = container;
        brand(this, "VirtualMachine", { name, cloudService, machine: { container, state } });
    }

    /**
     * Makes a machine of an image of the gallery, and names its cloud service and its endpoints at once, as the portal's
     * "From Gallery" does.
     *
     * Without an existing `cloudService` that makes a `CloudService` too; with `endpoints`, an `Endpoint` for each and
     * the `LoadBalancer` that applies them. They are what you would declare one by one, under the same names, so a
     * program may do that later, and nothing changes.
     *
     * @param options of the machine; the other resources have the same parent
     * @example
     * ```ts
     * const first = switchyard.VirtualMachine.fromGallery("web1", {
     *     image: "web",
     *     cloudService: { name: "contoso", publish: { address: "127.0.0.1", ports: ["8080:80"] } },
     *     endpoints: { http: switchyard.wellKnown.http },
     * });
     * const second = switchyard.VirtualMachine.fromGallery("web2", {
     *     image: "web",
     *     cloudService: first.cloudService,
     * });
     * ```
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    static fromGallery(name: string, args: FromGalleryArgs, options?: pulumi.CustomResourceOptions): FromGallery {
        return fromGallery(VirtualMachine, name, args, options);
    }

    /**
     * Makes a machine of an image of the gallery, in a new cloud service with the machine's name, as the portal's "Quick
     * Create" does. Nothing outside reaches it until the program adds an `Endpoint` or a `LoadBalancedSet`, and the
     * `LoadBalancer` that applies it.
     *
     * @param options of the machine; the other resources have the same parent
     * @example
     * ```ts
     * const first = switchyard.VirtualMachine.quickCreate("web1", { image: "web" });
     * const http = new switchyard.Endpoint("http", {
     *     virtualMachine: first.virtualMachine,
     *     ...switchyard.wellKnown.http,
     * });
     * new switchyard.LoadBalancer("web1", { cloudService: first.cloudService, endpoints: [http] });
     * ```
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    static quickCreate(name: string, args: QuickCreateArgs, options?: pulumi.CustomResourceOptions): FromGallery {
        return quickCreate(VirtualMachine, name, args, options);
    }

    /** Whether the value is a virtual machine, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is VirtualMachine {
        return isKind(value, "VirtualMachine");
    }
}

function problemsOf({ cloudService, image }: VirtualMachineArgs): Problem[] {
    const problems = notA("CloudService", "cloudService", cloudService);
    if (image === undefined || image === null) problems.push("image: is required");
    else if (isNoImage(image))
        problems.push(
            `image: must be a reference, a GalleryImage, a docker.Image or a docker.RemoteImage (got ${describe(image)})`,
        );
    return problems;
}
