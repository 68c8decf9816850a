import type { Properties } from "../internal/problems";
import type { VirtualMachineArgs } from "./args";

/** The arguments of a virtual machine. */
export const MACHINE_PROPERTIES: Properties<VirtualMachineArgs> = {
    cloudService: true,
    image: true,
    pullPolicy: true,
    platform: true,
    command: true,
    environment: true,
    userData: true,
    disks: true,
    devices: true,
    capabilities: true,
    hostname: true,
    privateAddress: true,
    size: true,
    healthCheck: true,
    logs: true,
    restart: true,
    stopSignal: true,
    stopGraceSeconds: true,
    state: true,
    labels: true,
    readySeconds: true,
    replaceMode: true,
    maxUnavailable: true,
    adopt: true,
};
