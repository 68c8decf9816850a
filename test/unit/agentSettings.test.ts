import { describe, expect, it } from "vitest";
import { readSettings } from "../../runtime/agent/balancer/settings";

const environment = {
    SWITCHYARD_VIRTUAL_IP: "203.0.113.10",
    SWITCHYARD_PUBLIC_SUBNET: "203.0.113.0/24",
    SWITCHYARD_PRIVATE_SUBNET: "10.80.1.0/24",
    SWITCHYARD_PRIVATE_GATEWAY: "10.80.1.1",
    SWITCHYARD_INTERNAL_VIRTUAL_IP: "10.80.1.253",
};

describe("the agent's settings", () => {
    it("come from the gateway's environment, and the version from the bundle's name", () => {
        expect(readSettings(environment, "/var/lib/switchyard/agent/0123456789ab.js")).toEqual({
            network: {
                virtualIp: "203.0.113.10",
                publicSubnet: "203.0.113.0/24",
                privateSubnet: "10.80.1.0/24",
                privateGateway: "10.80.1.1",
                internalVirtualIp: "10.80.1.253",
            },
            socket: "/run/switchyard/agent.sock",
            stateDirectory: "/var/lib/switchyard",
            bundle: "0123456789ab",
            readyMark: "/run/switchyard/ready",
        });
    });

    it("can put socket and state elsewhere", () => {
        const elsewhere = { SWITCHYARD_SOCKET: "/tmp/a/agent.sock", SWITCHYARD_STATE_DIRECTORY: "/tmp/b" };
        expect(readSettings({ ...environment, ...elsewhere }, "agent.js")).toMatchObject({
            socket: "/tmp/a/agent.sock",
            stateDirectory: "/tmp/b",
            readyMark: "/tmp/a/ready",
        });
    });

    it("are refused in one sentence that names what is missing", () => {
        expect(() => readSettings({ ...environment, SWITCHYARD_VIRTUAL_IP: undefined }, "agent.js")).toThrow(
            "the gateway's environment (SWITCHYARD_…) does not say where it stands: virtualIp: is required",
        );
    });
});
