import { ofFamily } from "../../../model/dns/answers";
import type { Addresses, Alias, OneOf, Pool, Some } from "../../../model/dns/plan";
import { remembered } from "./remembered";

/** A resource of gdnsd's `weighted`. */
export const renderPool = remembered(
    (pool: Pool, name: string) =>
        `      ${name} => { ${pool.kind === "oneOf" ? renderOneOf(pool) : renderSome(pool)} }\n`,
);

function renderOneOf({ choices }: OneOf): string {
    if (choices[0]!.answer.kind === "name")
        return choices.map(({ weight, answer }, n) => `c${n} => [ ${(answer as Alias).name}., ${weight} ]`).join(", ");
    const items = choices.map(({ weight, answer }) => ({ weight, address: (answer as Addresses).addresses[0]! }));
    return families((family) =>
        items
            .filter(({ address }) => ofFamily([address], family).length > 0)
            .map(({ weight, address }, n) => `c${n} => [ ${address}, ${weight} ]`),
    );
}

/**
 * gdnsd has no choice of n among many, but one among groups, and a group of equal weights is answered whole. So there is
 * a group for each n that follow one another, round the end: each address is in n of them.
 */
function renderSome({ count, addresses }: Some): string {
    return families((family) => {
        const own = ofFamily(addresses, family);
        const groups = own.length <= count ? own.slice(0, 1) : own;
        return groups.map((_, first) => {
            const group = own.slice(0, count).map((_, n) => `c${n} => [ ${own[(first + n) % own.length]}, 1 ]`);
            return `g${first} => { ${group.join(", ")} }`;
        });
    });
}

function families(items: (family: 4 | 6) => readonly string[]): string {
    return ([4, 6] as const)
        .map((family) => [family, items(family)] as const)
        .filter(([, list]) => list.length > 0)
        .map(([family, list]) => `addrs_v${family} => { ${list.join(", ")} }`)
        .join(", ");
}
