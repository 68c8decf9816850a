/** MaxMind's DB format, as much of it as a small file needs: https://maxmind.github.io/MaxMind-DB/ */

/** An unsigned number; readers insist on its bits. */
export interface Uint {
    readonly bits: 16 | 32 | 64;
    readonly value: number;
}
export type Data = string | Uint | readonly Data[] | ReadonlyMap<string, Data>;

const STRING = 2;
const UINT = { 16: 5, 32: 6, 64: 9 } as const;
const MAP = 7;
const ARRAY = 11;
/** Longer ones need another form of the size. */
const LONGEST = 28;

export function encodeData(data: Data): Buffer {
    if (typeof data === "string") {
        const bytes = Buffer.from(data);
        return Buffer.concat([control(STRING, bytes.length), bytes]);
    }
    if (data instanceof Map) {
        const parts = [...(data as ReadonlyMap<string, Data>)].flat();
        return Buffer.concat([control(MAP, data.size), ...parts.map(encodeData)]);
    }
    if (Array.isArray(data)) return Buffer.concat([control(ARRAY, data.length), ...data.map(encodeData)]);
    const { bits, value } = data as Uint;
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return Buffer.concat([control(UINT[bits], bits / 8), bytes.subarray(8 - bits / 8)]);
}

function control(type: number, size: number): Buffer {
    if (size > LONGEST) throw new RangeError(`a part of the geo database has a size of ${size}`);
    return type < 8 ? Buffer.from([(type << 5) | size]) : Buffer.from([size, type - 7]);
}

/** Both branches of `count` nodes; node 0 is the root. Below 0: the number of an entry, as `-1 - n`. */
export interface Branches {
    readonly count: number;
    readonly left: ArrayLike<number>;
    readonly right: ArrayLike<number>;
}
/** A branch that leads nowhere. */
export const NOWHERE = 0x7fffffff;

const SEPARATOR_BYTES = 16;
const RECORD_BITS = 24;
const METADATA_MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from("MaxMind.com")]);

/** A whole file. */
export function encodeDatabase(branches: Branches, entries: readonly Data[], addressFamily: 4 | 6): Buffer {
    const { count, left, right } = branches;
    const encoded = entries.map(encodeData);
    const pointers: number[] = [];
    let end = count + SEPARATOR_BYTES;
    for (const bytes of encoded) {
        pointers.push(end);
        end += bytes.length;
    }
    if (end >= 2 ** RECORD_BITS) throw new RangeError("the geo database is too large");
    const record = (branch: number) => (branch === NOWHERE ? count : branch < 0 ? pointers[-1 - branch]! : branch);
    const tree = Buffer.alloc((count * 2 * RECORD_BITS) / 8);
    for (let node = 0, at = 0; node < count; node++, at += 6) {
        tree.writeUIntBE(record(left[node]!), at, 3);
        tree.writeUIntBE(record(right[node]!), at + 3, 3);
    }
    const metadata = new Map<string, Data>([
        ["binary_format_major_version", { bits: 16, value: 2 }],
        ["binary_format_minor_version", { bits: 16, value: 0 }],
        ["build_epoch", { bits: 64, value: 1 }],
        ["database_type", "GeoIP2-Country"],
        ["description", new Map([["en", "places"]])],
        ["ip_version", { bits: 16, value: addressFamily }],
        ["languages", ["en"]],
        ["node_count", { bits: 32, value: count }],
        ["record_size", { bits: 16, value: RECORD_BITS }],
    ]);
    return Buffer.concat([tree, Buffer.alloc(SEPARATOR_BYTES), ...encoded, METADATA_MARKER, encodeData(metadata)]);
}
