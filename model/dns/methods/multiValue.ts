import { NOTHING } from "../combine";
import type { Chosen } from "../decision";
import type { TrafficPolicy } from "../policy";
import type { Choose } from "./method";

type MultiValue = Extract<TrafficPolicy, { method: "MultiValue" }>;

/** Several addresses in one answer. Its endpoints are addresses, so each decision is an endpoint. */
export function multiValue({ maxReturn }: MultiValue): Choose {
    return (candidates) => {
        const of = candidates.map(({ decision }) => decision).filter((one): one is Chosen => one.kind === "endpoint");
        if (of.length <= 1) return of[0] ?? NOTHING;
        return { kind: "several", atMost: maxReturn, of };
    };
}
