import { endpoint as schema, type EndpointState } from "../model/resources/endpoint";
import { objectBaseName } from "../model/names";
import type { z } from "zod";
import type { Definition } from "./definition";

/** Declares only: the load balancer applies it. */
export const endpoint: Definition<z.output<typeof schema>, EndpointState> = {
    type: "Endpoint",
    schema,
    outputs: [],
    replaceOn: [],
    derive: (inputs) => ({ ...inputs, privatePort: inputs.privatePort ?? inputs.publicPort }),
    create: async (_inputs, { identity }) => ({ id: objectBaseName(identity), outputs: {} }),
};
