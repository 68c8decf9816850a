import { createRequire } from "node:module";
import type { IEngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

/** What is used of a gRPC channel. */
export interface Channel {
    getConnectivityState(connect: boolean): number;
    watchConnectivityState(from: number, deadline: number, changed: (error?: Error) => void): void;
}

export interface Engine {
    readonly client: IEngineClient;
    readonly channel: Channel;
}

let found: Engine | null | undefined;

/** The engine that started this process; absent outside of Pulumi. */
export function engine(): Engine | undefined {
    if (found === undefined) found = connectTo(process.argv[2]) ?? null;
    return found ?? undefined;
}

function connectTo(address: string | undefined): Engine | undefined {
    if (!address || !/^[\w.-]+:\d+$/.test(address)) return undefined;
    // gRPC is Pulumi's dependency, not ours: it must be the copy that Pulumi's stubs use.
    const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
    const grpc = ofPulumi("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
    const { EngineClient } = ofPulumi("@pulumi/pulumi/proto/engine_grpc_pb") as {
        EngineClient: new (address: string, credentials: unknown) => IEngineClient & { getChannel(): Channel };
    };
    const client = new EngineClient(address, grpc.credentials.createInsecure());
    return { client, channel: client.getChannel() };
}
