import { isUnknown } from "../../schema/unknown";
import type { TrafficPolicy } from "../policy";
import { formatRange, rangeOf, rangesOverlap, type AddressRange } from "../subnet";
import { claims, known, knownEntries, type Problem } from "./problem";

type Subnet = Extract<TrafficPolicy, { method: "Subnet" }>;

/** Every client belongs to one endpoint, and those who belong to none to the one without subnets. */
export function subnetProblems(policy: Subnet): Problem[] {
    return [...overlaps(policy), ...otherwiseProblems(policy)];
}

interface Listed {
    readonly name: string;
    readonly range: AddressRange;
}

function overlaps({ endpoints }: Subnet): Problem[] {
    const listed = knownEntries(endpoints).flatMap(([name, { subnets = [] }]) =>
        known(subnets).flatMap((text): Listed[] => {
            const range = rangeOf(text);
            return range ? [{ name, range }] : [];
        }),
    );
    // In order of their first addresses, a range overlaps an earlier one exactly if it overlaps the one that ends last.
    listed.sort(
        (a, b) =>
            a.range.family - b.range.family ||
            Number(a.range.first > b.range.first) - Number(a.range.first < b.range.first),
    );
    let last: Listed | undefined;
    return listed.flatMap((one): Problem[] => {
        const before = last;
        if (!before || before.range.family !== one.range.family || one.range.last > before.range.last) last = one;
        if (!before || !rangesOverlap(before.range, one.range)) return [];
        const message = `must not have ${formatRange(one.range)}, which overlaps ${formatRange(before.range)} of endpoint ${before.name}`;
        return [{ path: ["endpoints", one.name, "subnets"], message }];
    });
}

function otherwiseProblems({ endpoints }: Subnet): Problem[] {
    const claim = claims();
    return knownEntries(endpoints).flatMap(([name, { subnets }]): Problem[] => {
        if (isUnknown(subnets) || (subnets?.length ?? 0) > 0) return [];
        const owner = claim("no subnets", name);
        if (owner === undefined) return [];
        const message = `are required, because endpoint ${owner} already is the one without subnets`;
        return [{ path: ["endpoints", name, "subnets"], message }];
    });
}
