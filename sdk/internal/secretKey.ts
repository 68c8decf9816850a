import * as pulumi from "@pulumi/pulumi";
import type { ProbeArgs } from "../probe";
import { isEventual } from "./problems";

/** The probe with its key secret, also where the program gives that in plain. */
export function withSecretKey(probe: pulumi.Input<ProbeArgs>): pulumi.Input<ProbeArgs> {
    if (!isEventual(probe)) return mark(probe as ProbeArgs);
    return pulumi.output(probe).apply((known) => mark(known as ProbeArgs));
}

function mark(probe: ProbeArgs): ProbeArgs {
    // Whatever else a program may give by mistake is for the provider's check to say.
    if (typeof probe !== "object" || probe?.clientKey === undefined) return probe;
    return { ...probe, clientKey: pulumi.secret(probe.clientKey) };
}
