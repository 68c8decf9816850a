import type { Frontend, Plan } from "../../model/balancer/plan";
import { portsOf } from "../../model/balancer/ports";
import { portsOfFrontend } from "./elements";

/** Rules for what machines say without being asked, as far as the kernel knows. */

/** No packet that begins a tcp connection. */
export const MIDDLE = "tcp flags & (fin | syn | rst | ack) != syn";

/**
 * The connections of a member that went down are forgotten, so the client's next packet meets a member that knows nothing
 * of it, and a reset. Were the member still alive and spoke first, its connection would begin again.
 */
export function silence({ frontends }: Plan, privateInterface: string): string[] {
    if (!frontends.some(({ resetsOnDown }) => resetsOnDown)) return [];
    return [`iifname "${privateInterface}" ${MIDDLE} ip saddr . tcp sport @silenced reject with tcp reset`];
}

/**
 * A machine may answer a client of whom the kernel has no record: after a gateway was replaced, or of a udp flow that was
 * just moved. Sent out as if the machine had begun, the answer would make a record that shadows the frontend's.
 */
export function lostAnswers({ frontends, network: { virtualIp } }: Plan): string[] {
    const rules: string[] = [];
    const owners = new Map<number, number[]>();
    // Clients of internal sets are shown as the gateway, which answers for itself.
    const onVip = frontends.filter(({ address }) => address === virtualIp);
    for (const { privatePort, port, portCount } of ofProtocol(onVip, "tcp")) {
        for (const offset of Array(portCount).keys())
            owners.set(privatePort + offset, [...(owners.get(privatePort + offset) ?? []), port + offset]);
    }
    // A private port of one frontend tells which connection this was, and it goes on; of several, the client must speak first.
    const known = [...owners].filter(([, ports]) => ports.length === 1);
    const shared = [...owners].filter(([, ports]) => ports.length > 1);
    if (known.length > 0) {
        const map = known.map(([privatePort, [port]]) => `${privatePort} : ${virtualIp} . ${port}`);
        rules.push(`${MIDDLE} snat ip to tcp sport map { ${map.join(", ")} }`);
    }
    if (shared.length > 0) rules.push(`${MIDDLE} tcp sport { ${shared.map(([port]) => port).join(", ")} } drop`);
    const udpPorts = ofProtocol(onVip, "udp").flatMap((frontend) => [...portsOf(portsOfFrontend(frontend))]);
    if (udpPorts.length > 0) rules.push(`udp sport { ${udpPorts.join(", ")} } snat ip to ${virtualIp} random`);
    return rules;
}

function ofProtocol(frontends: readonly Frontend[], protocol: Frontend["protocol"]): Frontend[] {
    return frontends.filter((frontend) => frontend.protocol === protocol);
}
