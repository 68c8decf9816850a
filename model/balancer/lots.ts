/** 32 bits that look like chance and are the same on every machine. */
export function drawLot(numbers: readonly number[]): number {
    return numbers.reduce((hash, number) => {
        const mixed = Math.imul(hash ^ (hash >>> 16) ^ (number + 1), 0x7feb352d);
        return Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b) >>> 0;
    }, 0x811c9dc5);
}
