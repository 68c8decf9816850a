import { z } from "zod";
import { machineState } from "../balancer/configuration";
import { addressSpace, dockerName, ipv4, numberBetween, wholeNumber } from "../schema/fields";
import { keysOf, list, map, object, refuse } from "../schema/kit";
import { docker } from "./docker";
import { capabilities } from "./machine/capabilities";
import { devices } from "./machine/devices";
import { disks } from "./machine/disks";
import { healthCheck } from "./machine/healthCheck";
import { image, platform, pullPolicy } from "./machine/image";
import { judgeLayout } from "./machine/layout";
import { logs } from "./machine/logs";
import { fullHostName, hostName } from "./machine/names";
import { judgePrivateAddress } from "./machine/privateAddress";
import { replaceMode } from "./machine/replaceMode";
import { size } from "./machine/size";
import { stopGraceSeconds, stopSignal } from "./machine/stop";
import { userData } from "./machine/userData";
import { registryAuth } from "./registryAuth";

/** Labels that start so are Switchyard's own. */
export const OWN_LABELS = "io.switchyard.";

const environment = map(z.string()).check((context) => {
    for (const name of keysOf(context.value)) {
        if (name === "" || /[=\0]/.test(name)) {
            refuse(context, [], `has a variable named ${JSON.stringify(name)}; names must not be empty or hold "="`);
        }
    }
});

const labels = map(z.string()).check((context) => {
    for (const name of keysOf(context.value)) {
        if (name === "") refuse(context, [], "has a label without a name");
        if (name.startsWith(OWN_LABELS))
            refuse(context, [name], `must not start with ${OWN_LABELS}, which is Switchyard's`);
    }
});

export const restart = z.enum(["unless-stopped", "always", "on-failure", "no"]);

export const DEFAULT_MAX_UNAVAILABLE = 1;

/** A container on the private network of one cloud service. */
export const virtualMachine = object({
    /** The name by which the other machines of its cloud service reach it, and its host name where it has no other. */
    alias: hostName,
    hostname: fullHostName.optional(),
    network: dockerName,
    /** The network's, where a private address is to be judged by them. */
    addressSpace: addressSpace.optional(),
    gatewayAddress: ipv4.optional(),
    internalVirtualIp: ipv4.optional(),
    privateAddress: ipv4.optional(),
    gateway: dockerName,
    image,
    pullPolicy: pullPolicy.optional(),
    platform: platform.optional(),
    command: list(z.string()).optional(),
    environment: environment.default({}),
    userData,
    disks,
    devices,
    capabilities,
    size: size.default({}),
    healthCheck: healthCheck.optional(),
    logs: logs.optional(),
    restart: restart.default("unless-stopped"),
    stopSignal: stopSignal.optional(),
    stopGraceSeconds: stopGraceSeconds.optional(),
    state: machineState.default("running"),
    labels: labels.default({}),
    readySeconds: numberBetween(1, 3600).default(60),
    replaceMode: replaceMode.optional(),
    /** Of each of its sets, how many machines may be away at a time while such replacements go on. */
    maxUnavailable: wholeNumber(1, 1000).optional(),
    /** A container that is there already. */
    adopt: dockerName.optional(),
    docker,
    registryAuth,
})
    .check(judgePrivateAddress)
    .check(judgeLayout);
export type VirtualMachineInputs = z.input<typeof virtualMachine>;
export type VirtualMachineState = z.output<typeof virtualMachine> & {
    name: string;
    /** What the registry had under the image's name, where the machine is to run the newest. */
    imageDigest?: string | undefined;
    /** Containers that killed runs made for it. What was removed once stays here, so that nothing shows twice. */
    leftBehind?: string[] | undefined;
};
