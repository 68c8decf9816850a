import { type z } from "zod";
import {
    endpoint,
    member,
    metrics,
    refuseClashes,
    refuseContradictions,
    setSettings,
    type BalancerConfiguration,
} from "../balancer/configuration";
import { dockerName, wholeNumber } from "../schema/fields";
import { map, object } from "../schema/kit";
import { docker } from "./docker";

/** A set as the program gives it: its members have no positions yet. */
const declaredSet = object({ ...setSettings, members: map(member.omit({ position: true })) }).check(
    refuseContradictions,
);

/** Applies the endpoints and sets of a cloud service to its gateway, whole or not at all. */
export const loadBalancer = object({
    gateway: dockerName,
    /** The network of the machines: when it is replaced, they all are, and the configuration with them. */
    privateNetwork: dockerName,
    endpoints: map(endpoint).default({}),
    loadBalancedSets: map(declaredSet).default({}),
    /** How long new members may take to become healthy. */
    waitSeconds: wholeNumber(0, 3600).default(120),
    metrics: metrics.optional(),
    docker,
}).check(refuseClashes);
export type LoadBalancerInputs = z.input<typeof loadBalancer>;
export type LoadBalancerState = Omit<z.output<typeof loadBalancer>, "endpoints" | "loadBalancedSets"> &
    BalancerConfiguration;
