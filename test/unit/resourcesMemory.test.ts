import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMemory, memory, parseMemory } from "../../model/resources/memory";

const MIB = 1024 ** 2;

describe("an amount of memory", () => {
    it.each([
        ["512MiB", 512 * MIB],
        ["512m", 512 * MIB],
        ["512M", 512 * MIB],
        ["512mb", 512 * MIB],
        ["0.5g", 512 * MIB],
        ["1GB", 1024 * MIB],
        ["1 GiB", 1024 * MIB],
        ["2t", 2 * 1024 ** 4],
        ["65536k", 64 * MIB],
        ["67108864", 64 * MIB],
        ["67108864b", 64 * MIB],
        ["67108864 bytes", 64 * MIB],
        [67_108_864, 64 * MIB],
    ])("given %j, then it is %d bytes, as in Docker", (given, bytes) => expect(parseMemory(given)).toBe(bytes));

    it.each(["", "m", "-1m", "1e3", "12 parrots", "1mm", "1ib", "∞", NaN, -5, 0.5, true, null, {}, "9".repeat(30)])(
        "given %j, then it is none",
        (given) => expect(parseMemory(given)).toBeUndefined(),
    );

    it.each([
        ["512m", "512MiB"],
        ["1024m", "1GiB"],
        ["1.5g", "1536MiB"],
        [8_000_000, "8000000B"],
        ["8000k", "8000KiB"],
    ])("given %j, then a preview shows %j", (given, shown) => expect(memory.parse(given)).toBe(shown));

    it("given any amount, then its canonical form means the same, and is its own canonical form", () => {
        fc.assert(
            fc.property(fc.integer({ min: 6 * MIB, max: 2 ** 48 }), (bytes) => {
                expect(parseMemory(formatMemory(bytes))).toBe(bytes);
                expect(memory.parse(formatMemory(bytes))).toBe(formatMemory(bytes));
            }),
        );
    });
});
