import type { z } from "zod";
import { PROBE_SECRETS, type Probe } from "../model/health/probe";
import { objectBaseName } from "../model/names";
import { defaultProbe, loadBalancedSet as schema, type LoadBalancedSetState } from "../model/resources/endpoint";
import { setSettings } from "../model/balancer/configuration";
import { isUnknown } from "../model/schema/unknown";
import type { Definition } from "./definition";

/** Declares only: the load balancer applies it. */
export const loadBalancedSet: Definition<z.output<typeof schema>, LoadBalancedSetState> = {
    type: "LoadBalancedSet",
    schema,
    secret: PROBE_SECRETS.map((field) => `probe.${field}`),
    outputs: [],
    replaceOn: [],
    derive: (inputs) => ({
        ...inputs,
        privatePort: inputs.privatePort ?? inputs.publicPort,
        probe: inputs.probe ?? probeFor(inputs.protocol),
    }),
    create: async (_inputs, { identity }) => ({ id: objectBaseName(identity), outputs: {} }),
};

function probeFor(protocol: z.output<typeof schema>["protocol"]): Probe {
    if (isUnknown(protocol)) return protocol as unknown as Probe;
    return setSettings.probe.parse(defaultProbe(protocol));
}
