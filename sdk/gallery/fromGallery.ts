import type * as pulumi from "@pulumi/pulumi";
import type { GalleryImageName } from "../../model/gallery";
import { CloudService, type CloudServiceArgs } from "../cloudService";
import { Endpoint, type EndpointArgs } from "../endpoint";
import { factsOf } from "../internal/brand";
import { typeToken } from "../internal/dynamic";
import { problemsOfArguments, refuse, type Properties } from "../internal/problems";
import { LoadBalancer } from "../loadBalancer";
import type { VirtualMachineArgs } from "../machine/args";
import { MACHINE_PROPERTIES } from "../machine/properties";
import type { VirtualMachine } from "../virtualMachine";
import { problemsOf, problemsOfQuickCreate } from "./fromGalleryProblems";
import type { GalleryImage } from "./galleryImage";
import { sharedGalleryImage } from "./sharedImage";

/** What `VirtualMachine.fromGallery` makes; beside it, whatever else a `VirtualMachine` takes. */
export interface FromGalleryArgs extends Omit<VirtualMachineArgs, "cloudService" | "image"> {
    /**
     * An image of the gallery by its name (`gallery` says which there are), or a `GalleryImage`. The machines of a
     * stack on one Docker host share the image of a name. A change replaces the machine.
     *
     * @example "web"
     */
    image: GalleryImageName | GalleryImage;

    /**
     * The cloud service in which the machine is: the name of a new one, its name and arguments, or one that another
     * statement makes (the portal's "connect to existing").
     *
     * @default a new one, with the machine's name
     * @example { name: "contoso", publish: { address: "127.0.0.1", ports: ["8080:80"] } }
     */
    cloudService?: string | NewCloudServiceArgs | CloudService;

    /**
     * Endpoints of the machine, by name. An endpoint `ssh` of machine `web1` is the resource `web1-ssh`.
     *
     * @default none
     * @example { ssh: { ...switchyard.wellKnown.ssh, publicPort: 2201 } }
     */
    endpoints?: Record<string, Omit<EndpointArgs, "virtualMachine">>;

    /**
     * Whether to make the cloud service's `LoadBalancer` too, with the cloud service's name, so that the endpoints serve.
     *
     * It can apply no more than these endpoints. As soon as the cloud service has others, or a load-balanced set, say
     * `false` and list all of them in a `LoadBalancer` of your own: under the cloud service's name it takes the place
     * of the one made here, as a change in place.
     *
     * @default true where the cloud service is new and there are endpoints; never with one of another statement, whose
     * load balancer is the place for these endpoints
     */
    loadBalancer?: boolean;
}

/** What `VirtualMachine.quickCreate` makes; beside it, whatever else a `VirtualMachine` takes. */
export interface QuickCreateArgs extends Omit<FromGalleryArgs, "cloudService" | "endpoints" | "loadBalancer"> {
    /**
     * Arguments of the cloud service, which has the machine's name.
     *
     * @default those of any cloud service
     * @example { publish: { address: "127.0.0.1", ports: ["8080:80"] } }
     */
    cloudService?: CloudServiceArgs;
}

/** A cloud service that is made together with its first machine. */
export interface NewCloudServiceArgs extends CloudServiceArgs {
    /**
     * Its name.
     *
     * @default the machine's name
     */
    name?: string;
}

/** The resources that one statement made. */
export interface FromGallery {
    /** The machine. */
    readonly virtualMachine: VirtualMachine;
    /** The cloud service in which it is: for more machines, and for the load balancer. */
    readonly cloudService: CloudService;
    /** Its endpoints, in the order of their names in the arguments: for the load balancer. */
    readonly endpoints: Endpoint[];
    /** What applies the endpoints, where it was made here. */
    readonly loadBalancer?: LoadBalancer;
}

const PROPERTIES: Properties<FromGalleryArgs> = { ...MACHINE_PROPERTIES, endpoints: true, loadBalancer: true };

/** The class whose static method this is: to import it here would be a circle. */
type Machines = new (name: string, args: VirtualMachineArgs, options?: pulumi.CustomResourceOptions) => VirtualMachine;

export function fromGallery(
    machines: Machines,
    name: string,
    args: FromGalleryArgs,
    options?: pulumi.CustomResourceOptions,
): FromGallery {
    refuse(problemsOfArguments(args, PROPERTIES, problemsOf), typeToken("VirtualMachine"), name, options);
    const { image, cloudService: where, endpoints: wanted = {}, loadBalancer, ...settings } = args;
    const child = { parent: options?.parent };

    const isNew = !CloudService.isInstance(where);
    const cloudService = isNew ? newCloudService(name, where, child) : where;
    const { name: serviceName, docker } = factsOf(cloudService, "CloudService")!;
    const galleryImage = typeof image === "string" ? sharedGalleryImage(image, docker) : image;
    const virtualMachine = new machines(name, { ...settings, image: galleryImage, cloudService }, options);
    const endpoints = Object.entries(wanted).map(
        ([endpoint, settings]) => new Endpoint(`${name}-${endpoint}`, { ...settings, virtualMachine }, child),
    );
    if (!isNew || endpoints.length === 0 || loadBalancer === false) return { virtualMachine, cloudService, endpoints };

    const applied = new LoadBalancer(serviceName, { cloudService, endpoints }, child);
    factsOf(cloudService, "CloudService")!.instead =
        `give fromGallery of ${name} loadBalancer: false, and list its endpoints here too`;
    return { virtualMachine, cloudService, endpoints, loadBalancer: applied };
}

export function quickCreate(
    machines: Machines,
    name: string,
    args: QuickCreateArgs,
    options?: pulumi.CustomResourceOptions,
): FromGallery {
    refuse(problemsOfArguments(args, PROPERTIES, problemsOfQuickCreate), typeToken("VirtualMachine"), name, options);
    return fromGallery(machines, name, args, options);
}

function newCloudService(
    machine: string,
    where: string | NewCloudServiceArgs = {},
    child: pulumi.ComponentResourceOptions,
): CloudService {
    const { name = machine, ...args } = typeof where === "string" ? { name: where } : where;
    return new CloudService(name, args, child);
}
