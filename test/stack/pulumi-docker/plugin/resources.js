// What becomes of each resource, as the plugin's documentation and source have it (pulumi-docker 4 and 5, over
// terraform-provider-docker): which change replaces it, which goes before its replacement, and what it leaves behind.
const { execFile } = require("node:child_process");
const { createHash, randomBytes } = require("node:crypto");
const { readFileSync, readdirSync } = require("node:fs");
const path = require("node:path");
const { promisify } = require("node:util");

async function docker({ host }, ...args) {
    const { stdout } = await promisify(execFile)("docker", [...(host ? ["--host", host] : []), ...args]);
    return stdout.trim();
}

const inspect = async (at, ...args) => {
    try {
        return JSON.parse(await docker(at, ...args))[0];
    } catch (error) {
        if (/no such/i.test(error.stderr ?? "")) return undefined;
        throw error;
    }
};

/** Names are the program's, or its resource's with an end that changes with each replacement. */
const named = (inputs, olds, name) => {
    if (inputs.name !== undefined) return;
    inputs.name = olds.name ?? `${name}-${randomBytes(4).toString("hex").slice(1)}`;
    inputs.__defaults = ["name"];
};

/** Two cannot have the one name that the program gave. */
const keepsName = ({ __defaults = [] }) => !__defaults.includes("name");

const digestOf = (folder) => {
    const hash = createHash("sha256");
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (file.isFile()) hash.update(file.name).update(readFileSync(path.join(file.parentPath, file.name)));
    }
    return hash.digest("hex");
};

/** Builds; what it built stays when the resource goes. */
const image = {
    inPlace: "all",
    complete: (inputs) => {
        inputs.build = { context: ".", ...inputs.build };
        inputs.build.contextDigest = digestOf(inputs.build.context);
    },
    create: async ({ imageName, build }, at) => {
        await docker(at, "build", "--quiet", "--label", at.label, "--tag", imageName, build.context);
        const { Id } = await inspect(at, "image", "inspect", imageName);
        return { id: Id, baseImageName: imageName, registryServer: "", repoDigest: Id, ...{ context: build.context } };
    },
    exists: () => true,
};
image.update = image.create;

const remoteImage = {
    inPlace: ["keepLocally", "forceRemove"],
    create: async ({ name }, at) => {
        if (!(await inspect(at, "image", "inspect", name))) await docker(at, "pull", "--quiet", name);
        const { Id, RepoDigests } = await inspect(at, "image", "inspect", name);
        return { id: `${Id}${name}`, imageId: Id, repoDigest: RepoDigests?.[0] ?? "" };
    },
    exists: ({ imageId }, at) => inspect(at, "image", "inspect", imageId),
    delete: async ({ imageId, keepLocally }, at) => {
        if (!keepLocally) await docker(at, "image", "rm", imageId);
    },
};

const volume = {
    inPlace: [],
    deleteFirst: keepsName,
    complete: named,
    create: async ({ name }, at) => {
        await docker(at, "volume", "create", "--label", at.label, name);
        const { Mountpoint, Driver } = await inspect(at, "volume", "inspect", name);
        return { id: name, mountpoint: Mountpoint, driver: Driver };
    },
    exists: ({ name }, at) => inspect(at, "volume", "inspect", name),
    delete: ({ name }, at) => docker(at, "volume", "rm", name),
};

const network = {
    inPlace: [],
    deleteFirst: keepsName,
    complete: named,
    create: async ({ name, ipamConfigs = [] }, at) => {
        const subnets = ipamConfigs.map(({ subnet }) => `--subnet=${subnet}`);
        const id = await docker(at, "network", "create", "--label", at.label, ...subnets, name);
        return { id, driver: "bridge", internal: false, scope: "local", ipamConfigs };
    },
    exists: ({ name }, at) => inspect(at, "network", "inspect", name),
    delete: ({ name }, at) => docker(at, "network", "rm", name),
};

const container = {
    inPlace: ["restart", "memory", "mustRun"],
    deleteFirst: () => true,
    complete: named,
    create: async ({ name, image, envs = [], command = [] }, at) => {
        const environment = envs.flatMap((env) => ["--env", env]);
        const id = await docker(
            at,
            "run",
            "--detach",
            "--label",
            at.label,
            "--name",
            name,
            ...environment,
            image,
            ...command,
        );
        return { id, hostname: id.slice(0, 12), bridge: "", containerLogs: "", exitCode: 0 };
    },
    exists: ({ name }, at) => inspect(at, "container", "inspect", name),
    // Without destroyGraceSeconds it is killed.
    delete: ({ name }, at) => docker(at, "rm", "--force", "--volumes", name),
};

exports.resources = {
    "docker:index/image:Image": image,
    "docker:index/remoteImage:RemoteImage": remoteImage,
    "docker:index/volume:Volume": volume,
    "docker:index/network:Network": network,
    "docker:index/container:Container": container,
};
