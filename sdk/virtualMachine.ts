import * as pulumi from "@pulumi/pulumi";
import { AttachedContainer, type FromContainerArgs } from "./attachedContainer";
import { imageReference, isNoImage } from "./existing";
import {
    fromGallery,
    quickCreate,
    type FromGallery,
    type FromGalleryArgs,
    type QuickCreateArgs,
} from "./gallery/fromGallery";
import { brand, factsOf, isKind } from "./internal/brand";
import { properties, typeToken } from "./internal/dynamic";
import { withoutPromiseStacks } from "./internal/promiseStacks";
import { describe, notA, problemsOfArguments, refuse, type Problem } from "./internal/problems";
import type { VirtualMachineArgs } from "./machine/args";
import { MACHINE_PROPERTIES } from "./machine/properties";
import { problemsOfDisks, resolveDisks } from "./machine/disks";

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
    /** Name of the container; it ends in a number that counts the replacements that were made beside the old one. */
    readonly containerName: pulumi.Output<string>;
    /** Docker's id of the container. */
    declare readonly containerId: pulumi.Output<string>;
    /** The machine's address on the private network when it was last looked at; a restart may change it. */
    declare readonly address: pulumi.Output<string>;

    /**
     * @param options without `deleteBeforeReplace`, which a machine that serves refuses: `replaceMode` is what it obeys.
     *     With `retainOnDelete` the container leaves its sets and runs on, also when its network goes
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    constructor(name: string, args: VirtualMachineArgs, options?: pulumi.CustomResourceOptions) {
        const type = typeToken("VirtualMachine");
        refuse(problemsOfArguments(args, MACHINE_PROPERTIES, problemsOf), type, name, options);
        const { cloudService, image, disks, ...settings } = args;
        const service = factsOf(cloudService, "CloudService");
        const inputs = {
            pullPolicy: undefined,
            platform: undefined,
            command: undefined,
            environment: undefined,
            userData: undefined,
            devices: undefined,
            capabilities: undefined,
            hostname: undefined,
            privateAddress: undefined,
            size: undefined,
            healthCheck: undefined,
            logs: undefined,
            restart: undefined,
            stopSignal: undefined,
            stopGraceSeconds: undefined,
            state: undefined,
            labels: undefined,
            readySeconds: undefined,
            replaceMode: undefined,
            maxUnavailable: undefined,
            adopt: undefined,
            ...settings,
            disks: resolveDisks(disks),
            name: undefined,
            imageDigest: undefined,
            leftBehind: undefined,
            alias: name,
            image: imageReference(image),
            network: cloudService.privateNetwork,
            gateway: cloudService.gateway,
            // What a fixed address is judged by; without one they would only show when the network changes.
            ...(settings.privateAddress === undefined ? {} : service?.addressing),
            docker: service?.docker,
        };
        const registers = properties("VirtualMachine", name, inputs, ["containerId", "address"], options);
        const withStacks = withoutPromiseStacks();
        try {
            super(type, name, registers, deletable(options, cloudService));
        } finally {
            withStacks();
        }
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

    /**
     * Makes a container that something else made a machine of a cloud service: it is put on the private network, and
     * what it sends to the outside goes through the gateway, so that clients get their answers.
     *
     * The container keeps its own networks and published ports. Switchyard never starts, stops or removes it; deleted,
     * it is taken off the private network with its former default route, once no endpoint or set needs it any more.
     *
     * Docker gives a restarted container its default route anew. It is the gateway again where Docker itself takes it
     * from the private network: for a container that publishes no ports, always from Docker 28 on, before if the private
     * network's name sorts before those of the container's own networks. Any other cannot answer clients after a
     * restart: its probe fails, and its sets leave it out, until the next `pulumi up --refresh` shows `defaultRoute` as
     * changed and sets it again. (Endpoints have no probe, nor do sets with `probe: { protocol: "none" }`.)
     *
     * A container made anew under its name is attached in place. A change of name makes a new attachment beside the old
     * one, and a load balancer moves connections over.
     *
     * @example
     * ```ts
     * const legacy = switchyard.VirtualMachine.fromContainer("legacy", {
     *     cloudService: service,
     *     container: new docker.Container("legacy", { image: "legacy:7" }),
     * });
     * ```
     *
     * @throws pulumi.ResourceError with all that is wrong with the arguments
     */
    static fromContainer(
        name: string,
        args: FromContainerArgs,
        options?: pulumi.CustomResourceOptions,
    ): VirtualMachine {
        return new AttachedContainer(name, args, options);
    }

    /** Whether the value is a virtual machine, made by this or another copy of the package. */
    static override isInstance(value: unknown): value is VirtualMachine {
        return isKind(value, "VirtualMachine");
    }
}

function problemsOf({ cloudService, image, disks }: VirtualMachineArgs): Problem[] {
    const problems = [...notA("CloudService", "cloudService", cloudService), ...problemsOfDisks(disks)];
    if (image === undefined || image === null) problems.push("image: is required");
    else if (isNoImage(image))
        problems.push(
            `image: must be a reference, a GalleryImage, a docker.Image or a docker.RemoteImage (got ${describe(image)})`,
        );
    return problems;
}

/**
 * Left to the cloud service's deletion (`deletedWith`), a container could not be told from one that is to stay: Pulumi
 * asks for the deletion of neither. Asked for, it comes before that of the network, with the machine's grace time.
 */
function deletable(
    options: pulumi.CustomResourceOptions | undefined,
    cloudService: VirtualMachineArgs["cloudService"],
): pulumi.CustomResourceOptions | undefined {
    return options?.deletedWith === (cloudService as unknown) ? { ...options, deletedWith: undefined } : options;
}
