import { balancerConfiguration, type BalancerConfiguration } from "../../model/balancer/configuration";
import { memberKey, type Observation } from "../../model/balancer/observation";

/** So many sets, on ports of their own, of the same members on addresses where nobody is. */
export function setsOf(sets: number, members: number, changes: object = {}): BalancerConfiguration {
    const addresses = Array.from({ length: members }, (_, n) => `10.77.0.${11 + n}`);
    return balancerConfiguration.parse({
        loadBalancedSets: Object.fromEntries(
            Array.from({ length: sets }, (_, n) => [
                `set${n}`,
                {
                    protocol: "tcp",
                    publicPort: 10_000 + n,
                    privatePort: 8080,
                    probe: { protocol: "none" },
                    members: Object.fromEntries(
                        addresses.map((container, position) => [
                            `vm${position}`,
                            { container, position, ...(n === 0 && position === 0 ? changes : {}) },
                        ]),
                    ),
                },
            ]),
        ),
    });
}

/** All members are healthy; or all but the first of the first set. */
export function observationsOf(
    { loadBalancedSets }: BalancerConfiguration,
    first: "healthy" | "unhealthy" = "healthy",
): Map<string, Observation> {
    const observations = new Map<string, Observation>();
    for (const [set, { members }] of Object.entries(loadBalancedSets))
        for (const [member, { container }] of Object.entries(members))
            observations.set(memberKey("set", set, member), { address: container, status: "healthy" });
    observations.set(memberKey("set", "set0", "vm0"), { address: "10.77.0.11", status: first });
    return observations;
}
