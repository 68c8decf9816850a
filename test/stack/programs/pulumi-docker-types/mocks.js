// Runs the program with Pulumi's mocks in place of engine and plugins, and prints what each resource was given.
const pulumi = require("@pulumi/pulumi");

const OUTPUTS = {
    "docker:index/image:Image": { repoDigest: "sha256:built" },
    "docker:index/remoteImage:RemoteImage": { imageId: "sha256:pulled" },
    "docker:index/volume:Volume": { name: "data-1234567", mountpoint: "/data" },
    "docker:index/network:Network": { name: "lan-1234567" },
    "docker:index/container:Container": { name: "legacy-1234567" },
    // What a provider's check would say.
    "pulumi-nodejs:dynamic/switchyard:PublicNetwork": { addressSpace: "10.9.0.0/24" },
};
const given = {};
const mocks = {
    newResource: ({ type, name, inputs }) => {
        given[`${type.split(":").pop()} ${name}`] = inputs;
        return { id: `${name}-id`, state: { ...inputs, ...OUTPUTS[type] } };
    },
    call: () => ({}),
};
pulumi.runtime.setMocks(mocks, "project", "stack", false).then(async () => {
    require("./index");
    await pulumi.runtime.disconnect();
    console.log(JSON.stringify(given));
});
