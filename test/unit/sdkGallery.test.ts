import * as pulumi from "@pulumi/pulumi";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { GALLERY, galleryImageOf } from "../../model/gallery";
import { galleryImage } from "../../model/resources/galleryImage";
import { UNKNOWN } from "../../model/schema/unknown";
import { galleryImageContext } from "../../provider/package";
import * as switchyard from "../../sdk";
import { problems } from "./support/problems";
import { register, valueOf, type Registration } from "./support/program";
import { problemsIn } from "./support/refusal";

const { CloudService, GalleryImage, LoadBalancedSet, LoadBalancer, VirtualMachine, gallery, wellKnown } = switchyard;

/** `Type name` of all that is not a part of a cloud service. */
function declared(registered: Record<string, Registration>): string[] {
    return Object.keys(registered)
        .filter((key) => !/^(BalancerAgent|Gateway|PrivateNetwork|PublicNetwork|RuntimeImage|RuntimeVolume) /.test(key))
        .sort();
}

function inputsOf(registered: Record<string, Registration>, key: string): Record<string, unknown> {
    const { __provider, __urn, ...inputs } = registered[key]!.inputs;
    return inputs;
}

describe("the gallery", () => {
    it("lists the folders from which its images are built", () => {
        const folders = readdirSync(path.join(__dirname, "../../gallery")).sort();
        expect(folders).toEqual([...GALLERY].sort());
        expect(Object.keys(gallery)).toEqual([...GALLERY]);
        for (const image of GALLERY) {
            const { folder, name } = galleryImageContext(image);
            expect(existsSync(path.join(folder, "Dockerfile"))).toBe(true);
            expect(gallery[image].image).toBe(image);
            expect(name).toMatch(new RegExp(`^switchyard-gallery-${image}:[0-9a-f]{12}$`));
            expect(galleryImageOf(name)).toBe(image);
        }
        expect(galleryImageOf("nginx:1.29")).toBeUndefined();
        expect(galleryImageOf("switchyard-gallery-other:1")).toBeUndefined();
    });

    it("refuses an image that it does not have, and waits for one that is not known", () => {
        expect(problems(galleryImage, { image: "windows" })).toEqual([
            'image: must be one of "web", "echo", "debian" (got "windows")',
        ]);
        expect(problems(galleryImage, { image: UNKNOWN })).toEqual([]);
    });

    it("has images that any machine may run", async () => {
        const registered = await register(() => {
            const image = new GalleryImage("tools", { image: "debian" });
            expect(GalleryImage.isInstance(image)).toBe(true);
            new VirtualMachine("tools", { cloudService: new CloudService("contoso"), image });
        });
        expect(inputsOf(registered, "GalleryImage tools")).toEqual({ image: "debian" });
        expect(registered["VirtualMachine tools"]!.inputs.image).toBe("switchyard-gallery-debian:000000000000");
    });
});

describe("from gallery", () => {
    it("makes the cloud service by its name, the machine, its endpoints, and what applies them", async () => {
        let made!: switchyard.FromGallery;
        const publish = { address: "127.0.0.1", ports: ["8080:80"] };
        const registered = await register(() => {
            made = VirtualMachine.fromGallery("web1", {
                image: "web",
                cloudService: { name: "contoso", publish },
                endpoints: { http: wellKnown.http, ssh: { ...wellKnown.ssh, publicPort: 2201 } },
                size: { memory: "64MiB" },
            });
        });
        expect(declared(registered)).toEqual([
            "CloudService contoso",
            "Endpoint web1-http",
            "Endpoint web1-ssh",
            "GalleryImage gallery-web",
            "LoadBalancer contoso",
            "VirtualMachine web1",
        ]);
        expect(inputsOf(registered, "CloudService contoso")).toEqual({
            publish: { ...publish, ports: ["8080:80/tcp"] },
        });
        expect(inputsOf(registered, "VirtualMachine web1")).toMatchObject({
            image: "switchyard-gallery-web:000000000000",
            network: "dev-1-contoso-private-1",
            size: { memory: "64MiB" },
        });
        expect(inputsOf(registered, "LoadBalancer contoso").endpoints).toEqual({
            "web1-http": { protocol: "tcp", publicPort: 80, privatePort: 80, container: "dev-web1-1" },
            "web1-ssh": { protocol: "tcp", publicPort: 2201, privatePort: 22, container: "dev-web1-1" },
        });
        expect(await valueOf(made.cloudService.name)).toBe("contoso");
        expect(made.endpoints).toHaveLength(2);
        expect(LoadBalancer.isInstance(made.loadBalancer)).toBe(true);
    });

    it("registers just what the same resources do, declared one by one", async () => {
        const atOnce = await register(() =>
            VirtualMachine.fromGallery("web1", { ...gallery.web, cloudService: "contoso" }),
        );
        const oneByOne = await register(() => {
            const cloudService = new CloudService("contoso");
            const image = new GalleryImage("gallery-web", { image: "web" });
            const virtualMachine = new VirtualMachine("web1", { cloudService, image });
            const http = new switchyard.Endpoint("web1-http", { virtualMachine, ...wellKnown.http });
            new LoadBalancer("contoso", { cloudService, endpoints: [http] });
        });
        expect(atOnce).toEqual(oneByOne);
    });

    it("adds machines to a cloud service that is there, on one image, without a load balancer", async () => {
        let second!: switchyard.FromGallery;
        const registered = await register(() => {
            const first = VirtualMachine.fromGallery("web1", { image: "web", cloudService: "contoso" });
            const { cloudService } = first;
            second = VirtualMachine.fromGallery("web2", {
                image: "web",
                cloudService,
                endpoints: { ssh: wellKnown.ssh },
            });
            expect(second.cloudService).toBe(cloudService);
            const virtualMachines = [first.virtualMachine, second.virtualMachine];
            const http = new LoadBalancedSet("http", { ...wellKnown.http, virtualMachines });
            new LoadBalancer("contoso", { cloudService, endpoints: [...second.endpoints, http] });
        });
        expect(declared(registered)).toEqual([
            "CloudService contoso",
            "Endpoint web2-ssh",
            "GalleryImage gallery-web",
            "LoadBalancedSet http",
            "LoadBalancer contoso",
            "VirtualMachine web1",
            "VirtualMachine web2",
        ]);
        expect(second.loadBalancer).toBeUndefined();
        expect(Object.keys(inputsOf(registered, "LoadBalancer contoso").endpoints as object)).toEqual(["web2-ssh"]);
    });

    it("leaves the load balancer to the program that says so, which then has the same one", async () => {
        const apply = (loadBalancer?: boolean) => () => {
            const { cloudService, endpoints } = VirtualMachine.fromGallery("web1", {
                ...gallery.web,
                cloudService: "contoso",
                loadBalancer,
            });
            if (loadBalancer === false) new LoadBalancer("contoso", { cloudService, endpoints });
        };
        expect(await register(apply(false))).toEqual(await register(apply()));
    });

    it("keeps a host's machines on the image of that host, and all in the program's component", async () => {
        const docker = { host: "ssh://admin@east.example" };
        const registered = await register(() => {
            const parent = new pulumi.ComponentResource("my:index:Shop", "shop");
            VirtualMachine.fromGallery("web1", { ...gallery.web, cloudService: { docker } }, { parent });
            VirtualMachine.quickCreate("tools", { image: "web" }, { parent });
        });
        expect(inputsOf(registered, "GalleryImage gallery-web-ssh://admin@east.example").docker).toEqual(docker);
        expect(inputsOf(registered, "GalleryImage gallery-web").docker).toBeUndefined();
        for (const key of ["VirtualMachine web1", "Endpoint web1-http", "LoadBalancer web1"]) {
            expect(registered[key]!.urn, key).toContain("::my:index:Shop$");
        }
    });
});

describe("quick create", () => {
    it("makes a machine in a cloud service of its name, and nothing that serves", async () => {
        let made!: switchyard.FromGallery;
        const registered = await register(() => {
            made = VirtualMachine.quickCreate("web1", {
                image: "web",
                cloudService: { addressSpace: "10.80.1.0/24" },
                environment: { A: "b" },
            });
        });
        expect(declared(registered)).toEqual(["CloudService web1", "GalleryImage gallery-web", "VirtualMachine web1"]);
        expect(inputsOf(registered, "CloudService web1")).toEqual({ addressSpace: "10.80.1.0/24" });
        expect(inputsOf(registered, "VirtualMachine web1").environment).toEqual({ A: "b" });
        expect(made.endpoints).toEqual([]);
        expect(made.loadBalancer).toBeUndefined();
    });
});

describe("mistakes, found before anything is made", () => {
    const wrong = (value: unknown) => value as never;

    async function refusal(statement: () => unknown): Promise<{ problems: string[]; registered: string[] }> {
        let error: unknown;
        const registered = await register(() => {
            try {
                statement();
            } catch (thrown) {
                error = thrown;
            }
        });
        if (!pulumi.ResourceError.isInstance(error)) throw new Error(`not refused, or otherwise: ${String(error)}`);
        const urn = (await valueOf(error.resource!.urn))!;
        expect(urn).toMatch(/::pulumi-nodejs:dynamic\/switchyard:\w+::web1$/);
        return { problems: problemsIn(error.message, urn), registered: declared(registered) };
    }

    it.each<[string, () => unknown, string[]]>([
        [
            "everything at once",
            () =>
                VirtualMachine.fromGallery("web1", {
                    image: wrong("windows"),
                    cloudService: wrong(7),
                    endpoints: wrong({ http: 80, ssh: wellKnown.ssh }),
                    loadBalancer: wrong("yes"),
                }),
            [
                'image: must be one of "web", "echo", "debian" (got "windows")',
                "cloudService: must be a name, the arguments of a new cloud service, or a CloudService (got 7)",
                'endpoints.http: must be an object such as { protocol: "tcp", publicPort: 80 } (got 80)',
                'loadBalancer: must be true or false (got "yes")',
            ],
        ],
        ["no image", () => VirtualMachine.fromGallery("web1", wrong({})), ["image: is required"]],
        [
            "a list of endpoints, and a name that is none",
            () =>
                VirtualMachine.fromGallery("web1", {
                    image: "web",
                    cloudService: { name: "" },
                    endpoints: wrong([wellKnown.http]),
                }),
            [
                'cloudService.name: must not be empty (got "")',
                "endpoints: must be a map from names to endpoints (got a list)",
            ],
        ],
        [
            "a name that is not known yet",
            () =>
                VirtualMachine.fromGallery("web1", {
                    image: "web",
                    cloudService: { name: wrong(pulumi.output("contoso")) },
                }),
            ["cloudService.name: must be a plain string (got an Output)"],
        ],
        [
            "a load balancer without endpoints",
            () => VirtualMachine.fromGallery("web1", { image: "web", loadBalancer: true }),
            ["loadBalancer: must not be true without endpoints, because there is nothing to apply (got true)"],
        ],
        [
            "a shared image on a host whose address is not known yet",
            () =>
                VirtualMachine.fromGallery("web1", {
                    image: "web",
                    cloudService: { publicNetwork: "lan", docker: { host: pulumi.output("ssh://a@b") } },
                }),
            [
                "image: must be a GalleryImage when docker.host of the cloud service is an Output: the image that " +
                    'machines share is named after the host (got "web")',
            ],
        ],
        [
            "endpoints in a quick create",
            () => VirtualMachine.quickCreate("web1", { ...gallery.web, cloudService: wrong("contoso") }),
            [
                "endpoints: must be added after quickCreate; or use VirtualMachine.fromGallery",
                "cloudService: must be the arguments of a new cloud service, without a name " +
                    '(got "contoso"); or use VirtualMachine.fromGallery',
            ],
        ],
        [
            "an image that the gallery does not have",
            () => new GalleryImage("web1", { image: wrong("windows") }),
            ['image: must be one of "web", "echo", "debian" (got "windows")'],
        ],
    ])("%s", async (_what, statement, problems) => {
        expect(await refusal(statement)).toEqual({ problems, registered: [] });
    });

    it("a load balancer for a cloud service that has one", async () => {
        let message = "";
        await register(() => {
            const { cloudService, endpoints } = VirtualMachine.fromGallery("web1", {
                ...gallery.web,
                cloudService: "contoso",
            });
            expect(() =>
                VirtualMachine.fromGallery("web2", { ...gallery.web, cloudService, loadBalancer: true }),
            ).toThrow(
                "loadBalancer: must not be true with a cloud service of another statement (got true): " +
                    "list the endpoints in the LoadBalancer of contoso",
            );
            try {
                new LoadBalancer("mine", { cloudService, endpoints });
            } catch (error) {
                message = (error as Error).message;
            }
        });
        expect(message).toBe(
            "LoadBalancer mine has a problem: cloudService: must have one load balancer (got cloud service contoso, whose load balancer is contoso: " +
                "give fromGallery of web1 loadBalancer: false, and list its endpoints here too)",
        );
    });
});
