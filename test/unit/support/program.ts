import * as pulumi from "@pulumi/pulumi";
import { dockerNamePart } from "../../../model/names";

export interface Registration {
    readonly type: string;
    readonly name: string;
    readonly urn: string;
    readonly inputs: Record<string, any>;
}

export interface ProgramOptions {
    readonly preview?: boolean;
    readonly stack?: string;
}

/**
 * Runs a program against Pulumi's mocks and returns what it registered, by `Type name`. Providers are played by an echo
 * that fills in what their checks compute, as Pulumi does in a preview.
 */
export async function register(
    program: () => unknown,
    { preview = false, stack = "dev" }: ProgramOptions = {},
): Promise<Record<string, Registration>> {
    const registrations: Record<string, Registration> = {};
    await pulumi.runtime.setMocks(
        {
            call: () => ({}),
            newResource: ({ type, name, inputs }) => {
                const kind = type.split(":").pop()!;
                let key = `${kind} ${name}`;
                while (registrations[key]) key += " again";
                registrations[key] = { type, name, urn: inputs.__urn, inputs };
                return { id: `id of ${name}`, state: { ...computed(kind, name, inputs, stack), ...inputs } };
            },
        },
        "project",
        stack,
        preview,
    );
    await program();
    await pulumi.runtime.disconnect();
    return registrations;
}

function computed(kind: string, name: string, inputs: Record<string, any>, stack: string): Record<string, unknown> {
    switch (kind) {
        case "StackReference":
            return { outputs: { address: "203.0.113.10" } };
        case "PublicNetwork":
            return { name: inputs.existing ?? `${stack}-0-${dockerNamePart(name)}-1`, addressSpace: "10.224.0.0/24" };
        case "PrivateNetwork":
            return {
                name: `${stack}-1-${name}-1`,
                addressSpace: "10.80.1.0/24",
                gatewayAddress: "10.80.1.1",
                internalVirtualIp: "10.80.1.253",
            };
        case "RuntimeImage":
            return { name: "switchyard-runtime:000000000000" };
        case "GalleryImage":
            return { name: `switchyard-gallery-${inputs.image}:000000000000` };
        case "RuntimeVolume":
            return { name: `${stack}-${name}` };
        case "Gateway":
            return { name: `${stack}-${name}`, virtualIp: "10.224.0.9", publishedAddresses: [] };
        case "VirtualMachine":
            return {
                name: `${stack}-${name}-1`,
                state: "running",
                containerId: "c0ffee",
                address: "10.64.0.5",
            };
        case "Endpoint":
        case "LoadBalancedSet":
            return {
                privatePort: inputs.publicPort,
                probe: { protocol: "tcp" },
                allDown: "reject",
                passiveDetection: true,
                drainSeconds: 30,
                distribution: "fiveTuple",
                resetOnDown: false,
            };
        case "EndpointPool": {
            const machines = Object.keys(inputs.virtualMachines);
            return { ports: Object.fromEntries(machines.map((name, index) => [name, 2201 + index])) };
        }
        case "TrafficPolicy":
            return { enabled: true, ttlSeconds: 300, timeToDivert: 430.1 };
        case "DnsServer":
            return { name: `${stack}-${name}`, publishedAddresses: [] };
        case "DnsConfiguration":
            return { revision: 1, status: {} };
        case "LoadBalancer":
            return { revision: 1 };
        default:
            return {};
    }
}

/** What an output holds; undefined for one that is not known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
        const internals = output as unknown as { promise(): Promise<T>; isKnown: Promise<boolean> };
        internals.isKnown
            .then((known) => (known ? internals.promise().then(resolve) : resolve(undefined)))
            .catch(reject);
    });
}
