// The protocol between Pulumi's engine and a plugin, reduced to what a plugin without secrets and previews says.
const { isDeepStrictEqual } = require("node:util");
const { createRequire } = require("node:module");
const { resources } = require("./resources");

const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = ofPulumi("@grpc/grpc-js");
const { Empty } = ofPulumi("google-protobuf/google/protobuf/empty_pb");
const { Struct } = ofPulumi("google-protobuf/google/protobuf/struct_pb");
const { PluginInfo } = ofPulumi("@pulumi/pulumi/proto/plugin_pb");
const messages = ofPulumi("@pulumi/pulumi/proto/provider_pb");
const { ResourceProviderService } = ofPulumi("@pulumi/pulumi/proto/provider_grpc_pb");

/** The Docker host of configure, which comes before any resource. */
let host;
/** Where a resource is made, and the label by which a test finds what it left behind. */
const placeOf = (request) => ({ host, label: `switchyard-test=${request.getUrn().split("::")[1]}` });

const definitionOf = (request) => resources[request.getUrn().split("::")[2].split("$").pop()];
const nameOf = (request) => request.getUrn().split("::")[3];
const plain = (struct) => struct?.toJavaScript() ?? {};
const fill = (message, values) => {
    for (const [key, value] of Object.entries(values)) message[`set${key}`](value);
    return message;
};
const struct = (values) => Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));

const methods = {
    getPluginInfo: () => fill(new PluginInfo(), { Version: "5.2.0" }),
    checkConfig: (request) => fill(new messages.CheckResponse(), { Inputs: request.getNews() }),
    diffConfig: () => new messages.DiffResponse(),
    configure: (request) => {
        host = plain(request.getArgs()).host || process.env.DOCKER_HOST;
        return new messages.ConfigureResponse();
    },

    check: (request) => {
        const inputs = plain(request.getNews());
        const olds = plain(request.getOlds());
        definitionOf(request).complete?.(inputs, olds, nameOf(request));
        return fill(new messages.CheckResponse(), { Inputs: struct(inputs) });
    },
    diff: (request) => {
        const { inPlace, deleteFirst } = definitionOf(request);
        const [olds, news] = [plain(request.getOldInputs()), plain(request.getNews())];
        const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
        const changed = keys.filter((key) => !key.startsWith("__") && !isDeepStrictEqual(olds[key], news[key]));
        const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
        const replaces = inPlace === "all" ? [] : changed.filter((key) => !inPlace.includes(key));
        const answer = new messages.DiffResponse();
        const { UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
        for (const key of changed) {
            const Kind = replaces.includes(key) ? UPDATE_REPLACE : UPDATE;
            answer.getDetaileddiffMap().set(key, fill(new messages.PropertyDiff(), { Kind, Inputdiff: true }));
        }
        return fill(answer, {
            Changes: changed.length > 0 ? DIFF_SOME : DIFF_NONE,
            DiffsList: changed,
            ReplacesList: replaces,
            Hasdetaileddiff: true,
            Deletebeforereplace: deleteFirst?.(news) ?? false,
        });
    },
    create: async (request) => {
        const inputs = plain(request.getProperties());
        const { id, ...outputs } = await definitionOf(request).create(inputs, placeOf(request));
        return fill(new messages.CreateResponse(), { Id: id, Properties: struct({ ...inputs, ...outputs }) });
    },
    read: async (request) => {
        const state = plain(request.getProperties());
        const exists = await definitionOf(request).exists(state, placeOf(request));
        if (!exists) return new messages.ReadResponse();
        const { Properties, Inputs } = { Properties: request.getProperties(), Inputs: request.getInputs() };
        return fill(new messages.ReadResponse(), { Id: request.getId(), Properties, Inputs });
    },
    update: async (request) => {
        const inputs = plain(request.getNews());
        const definition = definitionOf(request);
        const outputs = (await definition.update?.(inputs, placeOf(request))) ?? plain(request.getOlds());
        return fill(new messages.UpdateResponse(), { Properties: struct({ ...outputs, ...inputs }) });
    },
    delete: async (request) => {
        await definitionOf(request).delete?.(plain(request.getProperties()), placeOf(request));
        return new Empty();
    },
    cancel: () => new Empty(),
};

/** gRPC's shape of a method: an answer or an error, by callback. */
const handler = (method) => (call, callback) =>
    Promise.resolve(call.request)
        .then(method)
        .then(
            (answer) => callback(null, answer),
            (error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
        );

exports.serve = () => {
    const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
    const service = Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, handler(method)]));
    server.addService(ResourceProviderService, service);
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) throw error;
        console.log(port);
    });
};
