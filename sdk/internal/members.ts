import { factsOf } from "./brand";
import type { Problem } from "./problems";

export function nameOfCloudService(cloudService: object): string {
    return factsOf(cloudService, "CloudService")?.name ?? "?";
}

/** Maps are keyed by logical names, so in one list each can stand once. */
export function repeated(property: string, labels: readonly string[], rule: string): Problem[] {
    return labels.flatMap((label, index) => {
        const first = labels.indexOf(label);
        return first === index ? [] : [`${property}[${index}]: ${rule} (got ${label} again, after [${first}])`];
    });
}
