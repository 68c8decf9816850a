/** The largest weight that gdnsd takes. */
export const LARGEST_WEIGHT = 1_048_575;

/** Weights that multiply down a tree of policies: `of` shares out `weight` by weights of its own. */
export interface Shared<T> {
    readonly weight: number;
    readonly of: readonly { readonly weight: number; readonly of: T }[];
}

/**
 * The same odds as whole numbers, the smallest that there are. Where even those exceed what gdnsd takes, they are scaled
 * down and rounded, to 1 at least: odds then differ by less than one in a million.
 */
export function multiplied<T>(groups: readonly Shared<T>[]): { weight: number; of: T }[] {
    const totals = groups.map(({ of }) => BigInt(of.reduce((sum, { weight }) => sum + weight, 0)));
    const common = totals.reduce((product, total) => (product / gcd(product, total)) * total, 1n);
    const exact = groups.flatMap(({ weight, of }, index) =>
        of.map((inner) => ({
            weight: BigInt(weight) * BigInt(inner.weight) * (common / totals[index]!),
            of: inner.of,
        })),
    );
    const divisor = exact.reduce((divisor, { weight }) => gcd(divisor, weight), 0n);
    const largest = exact.reduce((largest, { weight }) => (weight > largest ? weight : largest), 0n);
    const limit = BigInt(LARGEST_WEIGHT) * divisor;
    const whole = (weight: bigint) => {
        if (largest <= limit) return Number(weight / divisor);
        const rounded = Number((weight * BigInt(LARGEST_WEIGHT) * 2n + largest) / (largest * 2n));
        return Math.max(1, rounded);
    };
    return exact.map(({ weight, of }) => ({ weight: whole(weight), of }));
}

function gcd(a: bigint, b: bigint): bigint {
    return b === 0n ? a : gcd(b, a % b);
}

/** The same odds by the smallest whole numbers, for weights that are small enough as they are. */
export function reduced<T extends { readonly weight: number }>(choices: readonly T[]): T[] {
    const divisor = choices.reduce((divisor, { weight }) => smallGcd(weight, divisor), 0);
    return choices.map((choice) => (divisor === 1 ? choice : { ...choice, weight: choice.weight / divisor }));
}

function smallGcd(a: number, b: number): number {
    return b === 0 ? a : smallGcd(b, a % b);
}
