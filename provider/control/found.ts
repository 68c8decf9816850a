import { listedName } from "../docker/containers";
import type { Host } from "../docker/host";
import { LABEL } from "../docker/labels";
import { agentOf } from "./agents";
import { DNS, GATEWAY } from "./runtimes";

/** The kinds of runtimes, by the type of the resource that their container is labelled with. */
const KINDS = { Gateway: GATEWAY, DnsServer: DNS } as const;

/** A container in which an agent runs, found by its labels. */
export interface FoundRuntime {
    readonly host: Host;
    readonly kind: "gateway" | "dns";
    readonly container: string;
    /** What the program calls it. */
    readonly resource: string;
    /** `<project>/<stack>` */
    readonly stack: string;
}

/** How they are told from other containers, in words. */
export const FOUND_BY = `label ${LABEL.type}=${Object.keys(KINDS).join(" or ")}`;

/** Every gateway and DNS server of a Docker host, whatever stack made it, running or not. */
export async function findRuntimes(host: Host): Promise<FoundRuntime[]> {
    const containers = await host.docker.listContainers({ all: true, filters: { label: [LABEL.type, LABEL.urn] } });
    return containers.flatMap((listed) => {
        const { Labels } = listed;
        const type = Labels[LABEL.type]!;
        const container = listedName(listed);
        if (container === undefined || !(type in KINDS)) return [];
        const kind = KINDS[type as keyof typeof KINDS].name;
        const resource = Labels[LABEL.urn]!.split("::").slice(3).join("::");
        return [{ host, kind, container, resource, stack: `${Labels[LABEL.project]}/${Labels[LABEL.stack]}` }];
    });
}

/** Volumes of gateways and DNS servers that no container uses: somebody removed those by hand. */
export async function missingRuntimes({ docker, address }: Host): Promise<{ stack: string; problem: string }[]> {
    const { Volumes } = await docker.listVolumes({ filters: { label: [`${LABEL.type}=RuntimeVolume`] } });
    const containers = await docker.listContainers({ all: true });
    const used = new Set(containers.flatMap(({ Mounts }) => Mounts.map(({ Name }) => Name)));
    const unused = (Volumes ?? []).filter(({ Name }) => !used.has(Name));
    return unused.map(({ Name, Labels }) => {
        const stack = `${Labels[LABEL.project]}/${Labels[LABEL.stack]}`;
        const problem =
            `the gateway or DNS server of volume ${Name}, stack ${stack}, is missing on ${address}; ` +
            `pulumi up --refresh makes it again (docker volume rm, if the stack is gone)`;
        return { stack, problem };
    });
}

/** What messages call a runtime of the kind. */
export const nounOf = (kind: FoundRuntime["kind"]): string => (kind === "dns" ? DNS : GATEWAY).noun;

export function agentIn({ host, kind, container }: FoundRuntime) {
    return kind === "dns" ? agentOf(host, DNS, container) : agentOf(host, GATEWAY, container);
}
