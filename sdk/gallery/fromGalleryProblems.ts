import * as pulumi from "@pulumi/pulumi";
import { factsOf, kindOf } from "../internal/brand";
import { describe, type Problem } from "../internal/problems";
import { hostIsEventual } from "../internal/shared";
import type { FromGalleryArgs } from "./fromGallery";
import { GalleryImage, notOfGallery } from "./galleryImage";

/** What is wrong with a machine's image, cloud service and endpoints, before any of them is made. */
export function problemsOf({ image, cloudService, endpoints, loadBalancer }: FromGalleryArgs): Problem[] {
    return [
        ...ofImage(image, cloudService),
        ...ofCloudService(cloudService),
        ...ofEndpoints(endpoints),
        ...ofLoadBalancer(loadBalancer, cloudService, endpoints),
    ];
}

/** What `fromGallery` would take, and `quickCreate` does not: the compiler does not see it in an object that is spread. */
export function problemsOfQuickCreate(args: object): Problem[] {
    const { cloudService, endpoints, loadBalancer } = args as FromGalleryArgs;
    const instead = "use VirtualMachine.fromGallery";
    const problems: Problem[] = [];
    if (endpoints !== undefined) problems.push(`endpoints: must be added after quickCreate; or ${instead}`);
    if (loadBalancer !== undefined) problems.push(`loadBalancer: must be added after quickCreate; or ${instead}`);
    if (cloudService !== undefined && !(isPlain(cloudService) && !("name" in cloudService))) {
        problems.push(
            `cloudService: must be the arguments of a new cloud service, without a name ` +
                `(got ${describe(cloudService)}); or ${instead}`,
        );
    }
    return problems;
}

function ofImage(image: unknown, cloudService: FromGalleryArgs["cloudService"]): Problem[] {
    if (GalleryImage.isInstance(image)) return [];
    const problems = notOfGallery(image);
    if (problems.length > 0 || !hostIsEventual(dockerOf(cloudService))) return problems;
    return [
        "image: must be a GalleryImage when docker.host of the cloud service is an Output: the image that machines " +
            `share is named after the host (got ${describe(image)})`,
    ];
}

function dockerOf(cloudService: FromGalleryArgs["cloudService"]) {
    if (typeof cloudService === "string" || cloudService === undefined || cloudService === null) return undefined;
    return factsOf(cloudService, "CloudService")?.docker ?? (cloudService as { docker?: { host?: string } }).docker;
}

function ofCloudService(cloudService: unknown): Problem[] {
    if (cloudService === undefined || kindOf(cloudService) === "CloudService") return [];
    if (typeof cloudService === "string") return emptyName("cloudService", cloudService);
    if (!isPlain(cloudService)) {
        return [
            `cloudService: must be a name, the arguments of a new cloud service, or a CloudService (got ${describe(cloudService)})`,
        ];
    }
    const { name } = cloudService;
    if (name === undefined) return [];
    if (typeof name !== "string") return [`cloudService.name: must be a plain string (got ${describe(name)})`];
    return emptyName("cloudService.name", name);
}

function emptyName(property: string, name: string): Problem[] {
    return name === "" ? [`${property}: must not be empty (got "")`] : [];
}

function ofEndpoints(endpoints: unknown): Problem[] {
    if (endpoints === undefined) return [];
    if (!isPlain(endpoints)) return [`endpoints: must be a map from names to endpoints (got ${describe(endpoints)})`];
    return Object.entries(endpoints).flatMap(([name, endpoint]) => {
        if (name === "") return ["endpoints: has an endpoint without a name"];
        if (isPlain(endpoint)) return [];
        return [
            `endpoints.${name}: must be an object such as { protocol: "tcp", publicPort: 80 } (got ${describe(endpoint)})`,
        ];
    });
}

function ofLoadBalancer(loadBalancer: unknown, cloudService: unknown, endpoints: unknown): Problem[] {
    if (loadBalancer === undefined || loadBalancer === false) return [];
    if (loadBalancer !== true) return [`loadBalancer: must be true or false (got ${describe(loadBalancer)})`];
    const facts = factsOf(cloudService, "CloudService");
    if (facts) {
        return [
            `loadBalancer: must not be true with a cloud service of another statement (got true): ` +
                `list the endpoints in the LoadBalancer of ${facts.name}`,
        ];
    }
    if (isPlain(endpoints) && Object.keys(endpoints).length > 0) return [];
    return ["loadBalancer: must not be true without endpoints, because there is nothing to apply (got true)"];
}

/** An object of the program's own: no list, no Output, no resource. */
function isPlain(value: unknown): value is Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Promise) return false;
    return !pulumi.Output.isInstance(value) && !pulumi.Resource.isInstance(value) && kindOf(value) === undefined;
}
