import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { homeTable } from "../../model/balancer/home";
import { slotTable, type SlotMember } from "../../model/balancer/slots";
import { slotCount } from "../../model/balancer/stages";
import { equalMembers, largestShare, moves, positions, runs, slotsPerOwner } from "./support/slots";

const TOLERANCE = 1.03;
const LARGEST_SET = 87;

/** Some of the positions 0 … count-1, in the order in which they fail. */
const setWithFailures = fc
    .integer({ min: 1, max: 24 })
    .chain((count) => fc.tuple(fc.constant(count), fc.shuffledSubarray(positions(count))));

describe("the table of a set", () => {
    test("is the same on every machine and in every release", async () => {
        const lines = [1, 2, 3, 4, 5, 6, 7].flatMap((count) => [
            `${count} members`,
            `    all healthy  ${runs(slotTable(equalMembers(count)))}`,
            ...positions(count).map((down) => `    ${down} is down    ${runs(slotTable(equalMembers(count, [down])))}`),
        ]);
        await expect(lines.join("\n") + "\n").toMatchFileSnapshot("golden/slots.txt");
    });

    test("does not depend on the order in which members are listed", () => {
        fc.assert(
            fc.property(setWithFailures, fc.infiniteStream(fc.nat()), ([count, failed], order) => {
                const members = equalMembers(count, failed);
                const shuffled = members
                    .map((member) => ({ member, rank: order.next().value }))
                    .sort((a, b) => a.rank - b.rank)
                    .map(({ member }) => member);
                expect(slotTable(shuffled)).toEqual(slotTable(members));
            }),
        );
    });

    test.each([
        [1, 60],
        [6, 60],
        [7, 240],
        [13, 240],
        [14, 720],
        [30, 720],
        [31, 2880],
        [200, 2880],
    ])("of %i equal members has %i slots", (count, slots) => {
        expect(slotCount(positions(count).map(() => 1))).toBe(slots);
        expect(slotTable(equalMembers(count))).toHaveLength(slots);
    });

    test("is made fast enough for a death among 1,000 members to be answered at once", () => {
        const begin = performance.now();
        slotTable(equalMembers(1_000, [500]));
        const first = performance.now() - begin;
        slotTable(equalMembers(1_000, [501]));
        const second = performance.now() - begin - first;

        expect(first).toBeLessThan(3_000);
        expect(second).toBeLessThan(first / 2);
    });

    test("without any member has slots that belong to nobody", () => {
        expect(slotTable([])).toEqual(new Array(60).fill(undefined));
    });
});

describe("balance", () => {
    test.each(positions(LARGEST_SET).map((index) => index + 1))(
        "given %i healthy members, the largest share is within 3 %% of the average",
        (count) => {
            const table = slotTable(equalMembers(count));
            expect(slotsPerOwner(table).size).toBe(count);
            expect(largestShare(table, count)).toBeLessThanOrEqual(TOLERANCE);
        },
    );

    test("given one of up to 30 members down, whichever it is, the largest share is within 3 %", () => {
        for (let count = 2; count <= 30; count++) {
            for (const down of positions(count)) {
                expect(largestShare(slotTable(equalMembers(count, [down])), count - 1)).toBeLessThanOrEqual(TOLERANCE);
            }
        }
    });

    test("given one of up to 87 members down, the largest share is within 3 %", () => {
        const sets = fc
            .integer({ min: 31, max: LARGEST_SET })
            .chain((count) => fc.tuple(fc.constant(count), fc.nat({ max: count - 1 })));
        fc.assert(
            fc.property(sets, ([count, down]) => {
                const table = slotTable(equalMembers(count, [down]));
                expect(largestShare(table, count - 1)).toBeLessThanOrEqual(TOLERANCE);
            }),
            { numRuns: 40 },
        );
    });

    test("given any half of up to 20 members down, nobody has more than half as much again as the average", () => {
        const sets = fc
            .integer({ min: 2, max: 20 })
            .chain((count) =>
                fc.tuple(
                    fc.constant(count),
                    fc.subarray(positions(count), { minLength: 1, maxLength: Math.floor(count / 2) }),
                ),
            );
        fc.assert(
            fc.property(sets, ([count, failed]) => {
                const table = slotTable(equalMembers(count, failed));
                expect(largestShare(table, count - failed.length)).toBeLessThanOrEqual(1.5);
            }),
            { numRuns: 300 },
        );
    });
});

describe("failures", () => {
    test("given any members that fail in any order, no survivor's slot ever moves, and the dead have none", () => {
        fc.assert(
            fc.property(setWithFailures, ([count, order]) => {
                let before = slotTable(equalMembers(count));
                const down = new Set<number>();
                for (const failing of order) {
                    down.add(failing);
                    const after = slotTable(equalMembers(count, down));
                    const moved = moves(before, after);
                    expect(moved.filter(({ from }) => from !== failing)).toEqual([]);
                    expect(moved.filter(({ to }) => to !== undefined && down.has(to))).toEqual([]);
                    expect(after.includes(undefined)).toBe(down.size === count);
                    expect(after).not.toContain(failing);
                    before = after;
                }
            }),
        );
    });

    test("given members that recover in any order, each gets slots back and nobody else's move, until all is as before", () => {
        fc.assert(
            fc.property(setWithFailures, ([count, order]) => {
                const down = new Set(order);
                let before = slotTable(equalMembers(count, down));
                for (const recovering of order) {
                    down.delete(recovering);
                    const after = slotTable(equalMembers(count, down));
                    expect(moves(before, after).filter(({ to }) => to !== recovering)).toEqual([]);
                    before = after;
                }
                expect(before).toEqual(homeTable(positions(count).map(() => 1)));
            }),
        );
    });

    test("given a large set of which nearly all have failed, every slot still has an owner", () => {
        const table = slotTable(equalMembers(LARGEST_SET, positions(LARGEST_SET - 2)));
        expect([...slotsPerOwner(table).keys()]).toEqual([85, 86]);
        expect(table).not.toContain(undefined);
    });
});

describe("growing", () => {
    test.each(positions(LARGEST_SET - 1).map((index) => index + 1))(
        "given %i members, when one is appended, it takes its share, equally from all, and nothing else moves",
        (count) => {
            const before = slotTable(equalMembers(count));
            const after = slotTable(equalMembers(count + 1));
            const moved = moves(before, after);
            const due = after.length / (count + 1);
            expect(moved.every(({ to }) => to === count)).toBe(true);
            expect(Math.abs(moved.length - due)).toBeLessThanOrEqual(0.5);
            // What each gives away differs by what they had too much or too little before.
            const given = positions(count).map((donor) => moved.filter(({ from }) => from === donor).length);
            expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(2);
        },
    );

    test.each([
        [6, 7],
        [13, 14],
        [30, 31],
    ])(
        "from %i to %i members, the kernel's hash on more slots finds the same member, or the newcomer",
        (count, more) => {
            const before = slotTable(equalMembers(count));
            const after = slotTable(equalMembers(more));
            expect(after.length % before.length).toBe(0);
            const scaled = (hash: number, slots: number) => Math.floor((hash * slots) / 2 ** 32);
            fc.assert(
                fc.property(fc.nat({ max: 2 ** 32 - 1 }), (hash) => {
                    const factor = after.length / before.length;
                    const slot = scaled(hash, after.length);
                    expect(Math.floor(slot / factor)).toBe(scaled(hash, before.length));
                    expect([before[scaled(hash, before.length)], count]).toContain(after[slot]);
                }),
                { numRuns: 2000 },
            );
        },
    );
});

describe("removal", () => {
    const sets = fc
        .integer({ min: 2, max: 32 })
        .chain((count) => fc.tuple(fc.constant(count), fc.nat({ max: count - 2 })));

    test("of a member in the middle is like its failure for good", () => {
        fc.assert(
            fc.property(sets, ([count, removed]) => {
                expect(slotTable(equalMembers(count, [], [removed]))).toEqual(
                    slotTable(equalMembers(count, [removed])),
                );
            }),
        );
    });

    test("of the last member gives its slots back, and nothing else moves", () => {
        for (let count = 2; count <= 32; count++) {
            const moved = moves(slotTable(equalMembers(count)), slotTable(equalMembers(count - 1)));
            expect(moved.every(({ from }) => from === count - 1)).toBe(true);
        }
    });

    test("leaves a hole, and whoever takes it brings the home table back and moves no other", () => {
        fc.assert(
            fc.property(sets, ([count, removed]) => {
                const withHole = slotTable(equalMembers(count, [], [removed]));
                const filled = slotTable(equalMembers(count));
                expect(moves(withHole, filled).filter(({ to }) => to !== removed)).toEqual([]);
                expect(filled).toEqual(homeTable(positions(count).map(() => 1)));
            }),
        );
    });
});

describe("weights", () => {
    const members = (weights: readonly number[], failed: readonly number[] = []): SlotMember[] =>
        weights.map((weight, position) => ({ position, weight, healthy: !failed.includes(position) }));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

    test("1 : 2 : 3 are exact on 60 slots", () => {
        expect([...slotsPerOwner(slotTable(members([1, 2, 3])))]).toEqual([
            [0, 10],
            [1, 20],
            [2, 30],
        ]);
    });

    test("1 : 100 needs more slots", () => {
        expect(slotCount([1, 100])).toBe(720);
        expect(slotsPerOwner(slotTable(members([1, 100]))).get(0)).toBe(7);
    });

    test("equal weights are as good as weight 1", () => {
        expect(slotTable(members([7, 7, 7, 7]))).toEqual(slotTable(equalMembers(4)));
    });

    test("give each member its share, within 5 % or a slot and a half", () => {
        const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 12 });
        fc.assert(
            fc.property(weights, (weights) => {
                fc.pre(sum(weights) > 0);
                const table = slotTable(members(weights));
                const counts = slotsPerOwner(table);
                weights.forEach((weight, position) => {
                    const due = (table.length * weight) / sum(weights);
                    expect(Math.abs((counts.get(position) ?? 0) - due)).toBeLessThanOrEqual(Math.max(1.5, due * 0.05));
                });
            }),
            { numRuns: 300 },
        );
    });

    test.each([
        [[1, 999], 3],
        [[999, 1, 0], 2877],
        [[1, 1000, 1000, 1000], 1],
    ])("%j gives the first %i slots of 2,880: never none, and as exact as they allow", (weights, slots) => {
        const table = slotTable(members(weights));
        expect(table).toHaveLength(2880);
        expect(slotsPerOwner(table).get(0)).toBe(slots);
    });

    test("as different as can be leave everybody something, also among 200 members", () => {
        const weights = positions(200).map((position) => (position % 5 === 0 ? 1000 : 1));
        expect(slotsPerOwner(slotTable(members(weights))).size).toBe(200);
    });

    test("decide how a dead member's part is dealt, whoever it was", () => {
        const weighted = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 });
        fc.assert(
            fc.property(weighted, fc.nat(), (weights, index) => {
                const dead = index % weights.length;
                const table = slotTable(members(weights, [dead]));
                const left = sum(weights) - weights[dead]!;
                const counts = slotsPerOwner(table);
                weights.forEach((weight, position) => {
                    if (position === dead) return;
                    const due = (table.length * weight) / left;
                    expect(Math.abs(counts.get(position)! - due)).toBeLessThanOrEqual(Math.max(2, due * 0.06));
                });
            }),
        );
    });

    describe("when one changes", () => {
        /** Part of the slots that move beyond those that the new shares need. */
        const excess = (before: readonly number[], after: readonly number[]) => {
            const [from, to] = [slotTable(members(before)), slotTable(members(after))];
            const share = (table: typeof from, owner: number) => (slotsPerOwner(table).get(owner) ?? 0) / table.length;
            const needed = before.map((_, owner) => Math.max(0, share(to, owner) - share(from, owner)));
            return moves(from, to).length / Math.max(from.length, to.length) - sum(needed);
        };

        test.each([
            [
                [1, 1, 1],
                [1, 1, 2],
            ],
            [
                [1, 1, 1],
                [0, 1, 1],
            ],
            [
                [1, 1, 1, 1, 1],
                [1, 1, 0, 1, 1],
            ],
            [
                [100, 0],
                [99, 1],
            ],
            [
                [90, 10],
                [50, 50],
            ],
            [
                [1, 1],
                [1, 1000],
            ],
            [
                [1, 0, 0],
                [1, 0, 5],
            ],
        ])("from %j to %j, nothing moves that need not", (before, after) => {
            expect(excess(before, after)).toBeCloseTo(0, 10);
        });

        test("of any members, little more moves than must", () => {
            const weighted = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 10 });
            const all: number[] = [];
            fc.assert(
                fc.property(weighted, fc.nat(), fc.integer({ min: 1, max: 30 }), (weights, index, weight) => {
                    const beyond = excess(weights, weights.with(index % weights.length, weight));
                    expect(beyond).toBeLessThan(0.3);
                    all.push(beyond);
                }),
                { numRuns: 200, seed: 1 },
            );
            expect(sum(all) / all.length).toBeLessThan(0.06);
        });
    });

    test("decide how much of a dead member's share each survivor inherits", () => {
        const counts = slotsPerOwner(slotTable(members([1, 2, 3, 6], [3])));
        expect([...counts]).toEqual([
            [0, 10],
            [1, 20],
            [2, 30],
        ]);
    });

    test("0 means none, whoever else fails", () => {
        expect(slotTable(members([1, 0, 1]))).not.toContain(1);
        expect(slotTable(members([1, 0, 1], [0]))).toEqual(new Array(60).fill(2));
        expect(slotTable(members([1, 0, 1], [0, 2]))).toEqual(new Array(60).fill(undefined));
        expect(slotTable(members([0]))).toEqual(new Array(60).fill(undefined));
    });

    test("no survivor moves when members of different weights fail", () => {
        const weighted = fc
            .array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 8 })
            .chain((weights) => fc.tuple(fc.constant(weights), fc.shuffledSubarray(positions(weights.length))));
        fc.assert(
            fc.property(weighted, ([weights, order]) => {
                order.forEach((failing, index) => {
                    const before = slotTable(members(weights, order.slice(0, index)));
                    const after = slotTable(members(weights, order.slice(0, index + 1)));
                    expect(moves(before, after).filter(({ from }) => from !== failing)).toEqual([]);
                });
            }),
        );
    });
});
