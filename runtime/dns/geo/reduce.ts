import { setImmediate } from "node:timers/promises";
import type { SearchTree } from "./database";
import { NOWHERE, type Branches } from "./encode";

const UNVISITED = -0x80000000;
/** Nodes between two looks at what else there is to do. */
const TURN = 50_000;

/**
 * The same tree with numbers of classes in place of entries, and only as many nodes as tell classes apart: gdnsd loads
 * it a few times faster, at every change of an answer. `classAt` may say undefined: the class of addresses that the
 * database does not know.
 */
export async function reduceTree(tree: SearchTree, classAt: (entry: number) => number | undefined): Promise<Branches> {
    const { nodeCount } = tree;
    /** What became of each node: a new node's number, or a branch that is none. */
    const became = new Int32Array(nodeCount).fill(UNVISITED);
    const left: number[] = [];
    const right: number[] = [];
    const classes = new Map<number, number>();

    const leaf = (pointer: number): number => {
        if (pointer === nodeCount) return NOWHERE;
        let branch = classes.get(pointer);
        if (branch === undefined) {
            const number = classAt(pointer);
            classes.set(pointer, (branch = number === undefined ? NOWHERE : -1 - number));
        }
        return branch;
    };
    const resolved = (pointer: number) => (pointer < nodeCount ? became[pointer]! : leaf(pointer));

    // Children first; several branches may lead to one node, as those of the IPv6 forms of IPv4 addresses do.
    const stack = nodeCount > 0 ? [0] : [];
    for (let steps = 1; stack.length > 0; steps++) {
        if (steps % TURN === 0) await setImmediate();
        const node = stack[stack.length - 1]!;
        const [one, other] = tree.branches(node);
        const [first, second] = [resolved(one), resolved(other)];
        if (first === UNVISITED || second === UNVISITED) {
            if (second === UNVISITED) stack.push(other);
            if (first === UNVISITED) stack.push(one);
            continue;
        }
        stack.pop();
        if (became[node] !== UNVISITED) continue;
        if (first === second && (first < 0 || first === NOWHERE)) became[node] = first;
        else {
            became[node] = left.length;
            left.push(first);
            right.push(second);
        }
    }
    return rootFirst(left, right, nodeCount > 0 ? became[0]! : NOWHERE);
}

/** The root was made last, and has to be the first. */
function rootFirst(left: readonly number[], right: readonly number[], root: number): Branches {
    const count = left.length;
    // All addresses are in one class: a tree has a node at least.
    if (count === 0) return { count: 1, left: [root], right: [root] };
    const turned = (branch: number) => (branch >= 0 && branch !== NOWHERE ? count - 1 - branch : branch);
    return {
        count,
        left: Int32Array.from(left, (_, node) => turned(left[count - 1 - node]!)),
        right: Int32Array.from(right, (_, node) => turned(right[count - 1 - node]!)),
    };
}
