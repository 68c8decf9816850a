import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { engine } from "./pulumiEngine";

/** Lines on a resource's own row, through the log of the engine that started this process; they pass, unless one `stays`. */
export interface Progress {
    report(urn: string, message: string, stays?: "stays"): void;
}

export const progress: Progress = {
    /** Lines are a courtesy, and nothing may fail for want of them. */
    report(urn, message, stays) {
        const client = engine()?.client;
        if (!client) return;
        const request = new LogRequest();
        request.setSeverity(LogSeverity.INFO);
        request.setUrn(urn);
        request.setMessage(message);
        request.setEphemeral(stays === undefined);
        client.log(request, () => undefined);
    },
};
