import * as pulumi from "@pulumi/pulumi";
import type { ProbeArgs } from "../probe";

/** The probe with its key secret, also where the program gives that in plain. */
export function withSecretKey(probe: pulumi.Input<ProbeArgs>): pulumi.Input<ProbeArgs> {
    const isPlain = !pulumi.Output.isInstance(probe) && !(probe instanceof Promise);
    if (isPlain) return mark(probe);
    return pulumi.output(probe).apply((known) => mark(known as ProbeArgs));
}

function mark(probe: ProbeArgs): ProbeArgs {
    // Whatever else a program may give by mistake is for the provider's check to say.
    if (typeof probe !== "object" || probe?.clientKey === undefined) return probe;
    return { ...probe, clientKey: pulumi.secret(probe.clientKey) };
}
