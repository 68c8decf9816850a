import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = ofPulumi("@grpc/grpc-js");
const { Struct } = ofPulumi("google-protobuf/google/protobuf/struct_pb");
const messages = ofPulumi("@pulumi/pulumi/proto/provider_pb");
const { Status } = ofPulumi("@pulumi/pulumi/proto/status_pb");
const { ResourceProviderClient } = ofPulumi("@pulumi/pulumi/proto/provider_grpc_pb");

export type Properties = Record<string, any>;

export interface Checked {
    readonly inputs: Properties;
    /** The sentences a user sees. */
    readonly failures: string[];
    readonly failedProperties: string[];
}

/** What a create or update that went half-way leaves in Pulumi's state. */
export interface Partial {
    readonly id: string;
    readonly properties: Properties;
    readonly reasons: string[];
}

export class ProviderError extends Error {
    constructor(
        message: string,
        readonly partial: Partial | undefined,
    ) {
        super(message);
    }
}

/** The real process that Pulumi's engine starts for dynamic resources, spoken to over gRPC as the engine does. */
export class ProviderProcess {
    #output = "";
    private constructor(
        private readonly child: ChildProcess,
        private readonly client: any,
    ) {}

    /** `engine`: address of the engine's log; by default nobody listens there. `by`: a command that starts another. */
    static async start(
        options: { engine?: string; environment?: NodeJS.ProcessEnv; by?: readonly string[] } = {},
    ): Promise<ProviderProcess> {
        const root = path.join(__dirname, "../../..");
        const main = ofPulumi.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
        const own = [process.execPath, main, options.engine ?? "127.0.0.1:1"];
        const [command, ...args] = [...(options.by ?? []), ...own] as [string, ...string[]];
        const child = spawn(command, args, {
            cwd: root,
            env: { ...process.env, ...options.environment },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const lines = createInterface({ input: child.stdout });
        const [port] = (await once(lines, "line")) as [string];
        const client = new ResourceProviderClient(`127.0.0.1:${port.trim()}`, grpc.credentials.createInsecure());
        const provider = new ProviderProcess(child, client);
        const keep = (text: unknown) => (provider.#output += String(text) + "\n");
        lines.on("line", keep);
        child.stderr.on("data", keep);
        await provider.#call("configure", configureRequest());
        return provider;
    }

    /** What the process wrote: Pulumi shows it on the stack's row. */
    get output(): string {
        return this.#output;
    }

    /** Until it has ended by itself. */
    async ended(): Promise<void> {
        if (this.child.exitCode === null) await once(this.child, "exit");
    }

    async stop(): Promise<void> {
        this.client.close();
        if (this.child.exitCode !== null) return;
        const ended = once(this.child, "exit");
        this.child.kill("SIGKILL");
        await ended;
    }

    async check(news: Properties, olds: Properties = {}): Promise<Checked> {
        const request = new messages.CheckRequest();
        request.setOlds(Struct.fromJavaScript(olds));
        request.setNews(Struct.fromJavaScript(news));
        const response = await this.#call("check", request);
        const failures: any[] = response.getFailuresList();
        return {
            inputs: response.getInputs().toJavaScript(),
            failures: failures.map((failure) => failure.getReason()),
            failedProperties: failures.map((failure) => failure.getProperty()),
        };
    }

    async diff(id: string, olds: Properties, news: Properties) {
        const request = new messages.DiffRequest();
        request.setId(id);
        request.setOlds(Struct.fromJavaScript(olds));
        request.setNews(Struct.fromJavaScript(news));
        const response = await this.#call("diff", request);
        return {
            /** 0: left to the engine. */
            changes: response.getChanges() as number,
            replaces: response.getReplacesList() as string[],
            deleteBeforeReplace: response.getDeletebeforereplace() as boolean,
        };
    }

    async create(inputs: Properties): Promise<{ id: string; properties: Properties }> {
        const request = new messages.CreateRequest();
        request.setProperties(Struct.fromJavaScript(inputs));
        const response = await this.#call("create", request);
        return { id: response.getId(), properties: response.getProperties().toJavaScript() };
    }

    async read(id: string, state: Properties) {
        const request = new messages.ReadRequest();
        request.setId(id);
        request.setProperties(Struct.fromJavaScript(state));
        const response = await this.#call("read", request);
        return {
            /** Empty: gone. */
            id: response.getId() as string,
            properties: response.getProperties()?.toJavaScript() as Properties,
            inputs: response.getInputs()?.toJavaScript() as Properties,
        };
    }

    async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
        const request = new messages.UpdateRequest();
        request.setId(id);
        request.setOlds(Struct.fromJavaScript(olds));
        request.setNews(Struct.fromJavaScript(news));
        return (await this.#call("update", request)).getProperties().toJavaScript();
    }

    async delete(id: string, state: Properties): Promise<void> {
        const request = new messages.DeleteRequest();
        request.setId(id);
        request.setProperties(Struct.fromJavaScript(state));
        await this.#call("delete", request);
    }

    #call(method: string, request: unknown): Promise<any> {
        return new Promise((resolve, reject) => {
            this.client[method](request, (error: any, response: unknown) => {
                if (error) reject(new ProviderError(error.details ?? error.message, partialOf(error)));
                else resolve(response);
            });
        });
    }
}

function configureRequest(): unknown {
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({}));
    return request;
}

function partialOf(error: any): Partial | undefined {
    const [binary] = error.metadata?.get("grpc-status-details-bin") ?? [];
    if (!binary) return undefined;
    const [detail] = Status.deserializeBinary(binary).getDetailsList();
    const failure = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue());
    return {
        id: failure.getId(),
        properties: failure.getProperties().toJavaScript(),
        reasons: failure.getReasonsList(),
    };
}
