import type Docker from "dockerode";
import type { HealthCheck } from "../../model/resources/machine/healthCheck";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import type { Host } from "../docker/host";
import { labelsOf, type Owner } from "../docker/labels";
import { logConfigOf } from "./logs";
import { endpointOf } from "./place";
import { restartPolicyOf } from "./restart";
import { limitsOf } from "./size";

/** A machine as Docker's API has it. */
export async function containerOptions(
    host: Host,
    inputs: VirtualMachineState,
    image: string,
    owner: Owner,
): Promise<Docker.ContainerCreateOptions> {
    const { alias, hostname = alias, network, disks = {}, devices = {} } = inputs;
    return {
        Image: image,
        Hostname: hostname,
        ...(inputs.command ? { Cmd: inputs.command } : {}),
        Env: Object.entries(inputs.environment).map(([variable, value]) => `${variable}=${value}`),
        Labels: { ...inputs.labels, ...labelsOf(owner) },
        Healthcheck: healthConfigOf(inputs.healthCheck),
        StopSignal: inputs.stopSignal,
        StopTimeout: inputs.stopGraceSeconds,
        HostConfig: {
            NetworkMode: network,
            RestartPolicy: { Name: restartPolicyOf(inputs) },
            LogConfig: await logConfigOf(host, inputs.logs),
            Mounts: Object.entries(disks).map(([Target, { volume, readOnly }]) => ({
                Type: "volume" as const,
                Source: volume,
                Target,
                ReadOnly: readOnly,
            })),
            Devices: Object.entries(devices).map(([PathInContainer, { device, permissions }]) => ({
                PathInContainer,
                PathOnHost: device,
                CgroupPermissions: permissions,
            })),
            CapAdd: inputs.capabilities,
            ...(await limitsOf(host, inputs.size)),
        },
        NetworkingConfig: { EndpointsConfig: { [network]: endpointOf(inputs) } },
    };
}

const NANOSECONDS = 1e9;

/** Nothing leaves the image's own in force. */
export function healthConfigOf(check: HealthCheck | undefined): Docker.HealthConfig | undefined {
    if (check === undefined) return undefined;
    if (check === "none") return { Test: ["NONE"] };
    const nanoseconds = (seconds: number) => Math.round(seconds * NANOSECONDS);
    return {
        Test: ["CMD", ...check.command],
        Interval: nanoseconds(check.intervalSeconds),
        Timeout: nanoseconds(check.timeoutSeconds),
        Retries: check.retries,
        StartPeriod: nanoseconds(check.startSeconds),
    };
}
