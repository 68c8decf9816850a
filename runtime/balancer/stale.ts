import type { Destination, Frontend, Plan } from "../../model/balancer/plan";
import type { Served } from "./conntrack";

/**
 * Connections that the kernel would go on sending where the plan sends none any more:
 * - to a destination that left its frontend;
 * - udp that came before its frontend did: the gateway itself refused it, and would for as long as the client asks.
 */
export function staleAfter(from: Plan, to: Plan): Served[] {
    const before = byFrontend(from);
    const after = byFrontend(to);
    const departed = [...before].flatMap(([key, { frontend, destinations }]) => {
        const kept = after.get(key)?.destinations;
        return [...destinations]
            .filter(([name]) => !kept?.has(name))
            .map(([, destination]) => served(from, frontend, destination));
    });
    const arrived = to.frontends.filter(
        (frontend) => frontend.protocol === "udp" && !before.has(frontendKey(frontend)),
    );
    const refusedSoFar = arrived.map((frontend) =>
        served(to, frontend, { address: to.network.virtualIp, port: frontend.port }),
    );
    return [...departed, ...refusedSoFar];
}

/** Those of the connections found in the kernel that the plan would not make like this. */
export function staleAmong(plan: Plan, found: readonly Served[]): Served[] {
    const frontends = byFrontend(plan);
    return found.filter(({ protocol, publicPort, destination }) => {
        const frontend = frontends.get(frontendKey({ protocol, port: publicPort }));
        if (frontend) return !frontend.destinations.has(destinationKey(destination));
        // Without a frontend the gateway itself is the right one to answer.
        return destination.address !== plan.network.virtualIp;
    });
}

interface FrontendDestinations {
    readonly frontend: Frontend;
    readonly destinations: ReadonlyMap<string, Destination>;
}

/** A frontend is its protocol and port, whatever it is called. */
function byFrontend(plan: Plan): Map<string, FrontendDestinations> {
    return new Map(
        plan.frontends.map((frontend) => {
            const destinations = new Map<string, Destination>();
            for (let slot = frontend.firstSlot; slot < frontend.firstSlot + frontend.slotCount; slot++) {
                const destination = plan.slots.get(slot);
                if (destination) destinations.set(destinationKey(destination), destination);
            }
            return [frontendKey(frontend), { frontend, destinations }];
        }),
    );
}

function served(plan: Plan, { protocol, port }: Frontend, destination: Destination): Served {
    return { protocol, virtualIp: plan.network.virtualIp, publicPort: port, destination };
}

function frontendKey({ protocol, port }: Pick<Frontend, "protocol" | "port">): string {
    return `${protocol} ${port}`;
}

function destinationKey({ address, port }: Destination): string {
    return `${address}:${port}`;
}
