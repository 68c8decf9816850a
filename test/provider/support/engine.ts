import { createRequire } from "node:module";

const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = ofPulumi("@grpc/grpc-js");
const { EngineService } = ofPulumi("@pulumi/pulumi/proto/engine_grpc_pb");
const { Empty } = ofPulumi("google-protobuf/google/protobuf/empty_pb");

export interface LoggedLine {
    readonly urn: string;
    readonly message: string;
    readonly ephemeral: boolean;
}

/** Stands in for the engine's log. */
export class EngineLog {
    readonly lines: LoggedLine[] = [];
    private constructor(
        private readonly server: any,
        readonly address: string,
    ) {}

    static async start(): Promise<EngineLog> {
        const server = new grpc.Server();
        const port = await new Promise<number>((resolve, reject) =>
            server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error: Error, bound: number) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        const log = new EngineLog(server, `127.0.0.1:${port}`);
        const unanswered = (_call: unknown, done: (error: unknown) => void) =>
            done({ code: grpc.status.UNIMPLEMENTED });
        const methods = Object.fromEntries(Object.keys(EngineService).map((method) => [method, unanswered]));
        server.addService(EngineService, {
            ...methods,
            log: ({ request }: any, done: (error: null, reply: unknown) => void) => {
                log.lines.push({
                    urn: request.getUrn(),
                    message: request.getMessage(),
                    ephemeral: request.getEphemeral(),
                });
                done(null, new Empty());
            },
        });
        return log;
    }

    stop(): void {
        this.server.forceShutdown();
    }
}
