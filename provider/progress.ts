import { createRequire } from "node:module";
import type { IEngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";

type Report = (urn: string, message: string, stays?: "stays") => void;

/** Lines on a resource's own row, through the log of the engine that started this process; they pass, unless one `stays`. */
export interface Progress {
    readonly report: Report;
}

export const progress: Progress = { report: (...line) => engine()?.(...line) };

let reportToEngine: Report | null | undefined;

/** Absent outside of Pulumi: lines are a courtesy, and nothing may fail for want of them. */
function engine(): Report | undefined {
    if (reportToEngine === undefined) reportToEngine = connectToEngine(process.argv[2]) ?? null;
    return reportToEngine ?? undefined;
}

function connectToEngine(address: string | undefined): Report | undefined {
    if (!address || !/^[\w.-]+:\d+$/.test(address)) return undefined;
    // gRPC is Pulumi's dependency, not ours: it must be the copy that Pulumi's stubs use.
    const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
    const grpc = ofPulumi("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
    const { EngineClient } = ofPulumi("@pulumi/pulumi/proto/engine_grpc_pb") as {
        EngineClient: new (address: string, credentials: unknown) => IEngineClient;
    };
    const { LogRequest, LogSeverity } = ofPulumi(
        "@pulumi/pulumi/proto/engine_pb",
    ) as typeof import("@pulumi/pulumi/proto/engine_pb");
    const client = new EngineClient(address, grpc.credentials.createInsecure());
    return (urn, message, stays) => {
        const request = new LogRequest();
        request.setSeverity(LogSeverity.INFO);
        request.setUrn(urn);
        request.setMessage(message);
        request.setEphemeral(stays === undefined);
        client.log(request, () => undefined);
    };
}
