import type { z } from "zod";
import { objectBaseName } from "../model/names";
import { assignPorts, endpointPool as schema, type EndpointPoolState } from "../model/resources/endpointPool";
import { isUnknown } from "../model/schema/unknown";
import type { Definition } from "./definition";

/** Declares only: the load balancer applies it. */
export const endpointPool: Definition<z.output<typeof schema>, EndpointPoolState> = {
    type: "EndpointPool",
    schema,
    outputs: [],
    replaceOn: [],
    derive(inputs, { olds }) {
        const { publicPorts, virtualMachines } = inputs;
        const machines = isUnknown(virtualMachines) ? [] : Object.keys(virtualMachines);
        return { ...inputs, ports: assignPorts(publicPorts, machines, olds?.ports) };
    },
    create: async (_inputs, { identity }) => ({ id: objectBaseName(identity), outputs: {} }),
};
