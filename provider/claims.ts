import { parseUrn } from "../model/names";
import { UNKNOWN } from "../model/schema/unknown";

/** What a Docker host has once, and a resource wants for itself. */
export interface Claim {
    /** The input that says so. */
    readonly property: string;
    /** Among what it must be the only one. */
    readonly among: string;
    readonly value: string;
    /** Whether both cannot be had; by default, when they are equal. */
    readonly clashes?: (other: string) => boolean;
}

interface Held extends Claim {
    /** Type and name of the resource. */
    readonly by: string;
}

/**
 * What the resources of one run want for themselves, so that two that want the same are told before anything is made.
 * Only what the program declares now counts: what Docker still has may be on its way out.
 */
export class Claims {
    readonly #held = new Map<string, readonly Held[]>();

    /** Takes the place of what the resource wanted before; tells who else wants it. */
    take(urn: string, claims: readonly Claim[]): string[] {
        const by = `${urn.split("::")[2]?.split(":").pop()} ${parseUrn(urn).name}`;
        const known = claims.filter(({ among, value }) => ![among, value].some((text) => text.includes(UNKNOWN)));
        this.#held.set(
            urn,
            known.map((claim) => ({ ...claim, by })),
        );
        return known.flatMap((claim) => {
            const other = this.#other(urn, claim);
            return other
                ? [
                      `${claim.property}: must be its own (got ${claim.value}, which ${other.by} has in this program, too)`,
                  ]
                : [];
        });
    }

    holds(urn: string, { among, value }: Claim): boolean {
        return (this.#held.get(urn) ?? []).some((claim) => claim.among === among && claim.value === value);
    }

    clear(): void {
        this.#held.clear();
    }

    #other(urn: string, { among, value, clashes = (other) => other === value }: Claim): Held | undefined {
        for (const [whose, held] of this.#held) {
            const found = whose !== urn && held.find((claim) => claim.among === among && clashes(claim.value));
            if (found) return found;
        }
        return undefined;
    }
}
