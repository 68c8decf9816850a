import ipaddr from "ipaddr.js";
import { z } from "zod";

/** An IPv4 or IPv6 address in its canonical text (RFC 5952), or undefined. */
export function canonicalAddress(text: string): string | undefined {
    if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text;
    if (!ipaddr.IPv6.isValid(text) || text.includes("%")) return undefined;
    const parsed = ipaddr.IPv6.parse(text);
    // What a client calls ::ffff:192.0.2.1 is an IPv4 address.
    return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toRFC5952String();
}

export const address = z.string().transform((text, context) => {
    const canonical = canonicalAddress(text);
    if (canonical !== undefined) return canonical;
    context.addIssue("must be an IPv4 or IPv6 address such as 192.0.2.10 or 2001:db8::10");
    return z.NEVER;
});

export type Family = 4 | 6;

export function familyOf(address: string): Family {
    return address.includes(":") ? 6 : 4;
}

/** Addresses from first to last, as numbers of their family. */
export interface AddressRange {
    readonly family: Family;
    readonly first: bigint;
    readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

export function addressToNumber(address: string): bigint {
    return ipaddr
        .parse(address)
        .toByteArray()
        .reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function numberToAddress(value: bigint, family: Family): string {
    const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) =>
        Number((value >> BigInt(BITS[family] - 8 * (index + 1))) & 255n),
    );
    return canonicalFamilyText(ipaddr.fromByteArray(bytes));
}

function canonicalFamilyText(address: ipaddr.IPv4 | ipaddr.IPv6): string {
    return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** `192.0.2.0/24`, `192.0.2.7` or `192.0.2.10-192.0.2.20`; undefined when it is none. */
export function rangeOf(text: string): AddressRange | undefined {
    const [from, to, ...more] = text.split("-").map((part) => part.trim());
    if (more.length > 0) return undefined;
    if (to !== undefined) {
        const [first, last] = [canonicalAddress(from!), canonicalAddress(to)];
        if (first === undefined || last === undefined || familyOf(first) !== familyOf(last)) return undefined;
        const range = { family: familyOf(first), first: addressToNumber(first), last: addressToNumber(last) };
        return range.first <= range.last ? range : undefined;
    }
    const [base, prefixText, ...rest] = from!.split("/");
    const canonical = canonicalAddress(base!);
    if (canonical === undefined || rest.length > 0) return undefined;
    const family = familyOf(canonical);
    if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
    const prefix = prefixText === undefined ? BITS[family] : Number(prefixText);
    if (prefix > BITS[family]) return undefined;
    const size = 1n << BigInt(BITS[family] - prefix);
    const first = (addressToNumber(canonical) / size) * size;
    return { family, first, last: first + size - 1n };
}

/** All networks that hold an address, the smallest first, as `networksOf` writes them. */
export function networksAround(address: string): string[] {
    const family = familyOf(address);
    const value = addressToNumber(address);
    return Array.from({ length: BITS[family] + 1 }, (_, hostBits) => {
        const first = (value >> BigInt(hostBits)) << BigInt(hostBits);
        return `${numberToAddress(first, family)}/${BITS[family] - hostBits}`;
    });
}

/** The range as the fewest networks, in order. */
export function networksOf({ family, first, last }: AddressRange): string[] {
    const networks: string[] = [];
    for (let at = first; at <= last;) {
        let prefix = BITS[family];
        let size = 1n;
        while (prefix > 0 && at % (size * 2n) === 0n && at + size * 2n - 1n <= last) {
            size *= 2n;
            prefix--;
        }
        networks.push(`${numberToAddress(at, family)}/${prefix}`);
        at += size;
    }
    return networks;
}

/**
 * IPv4 addresses in IPv6's clothes: IPv4-compatible, SIIT, NAT64, Teredo, 6to4. gdnsd looks their clients up as IPv4's,
 * and refuses networks of them (gdnsd-plugin-geoip(8), nets).
 */
const IPV4_WITHIN = [
    { network: "::/96", bitsAfter: 0n },
    { network: "::ffff:0:0:0/96", bitsAfter: 0n },
    { network: "64:ff9b::/96", bitsAfter: 0n },
    { network: "2001::/32", bitsAfter: 0n, isInverted: true },
    { network: "2002::/16", bitsAfter: 80n },
].map(({ network, ...rest }) => ({ space: rangeOf(network)!, ...rest }));
/** Would be 0.0.0.0/8, which nobody has, and holds the loopback's ::1. */
const NO_IPV4 = rangeOf("::/104")!;

function ipv4Space(range: AddressRange) {
    return isInside(range, NO_IPV4) ? undefined : IPV4_WITHIN.find(({ space }) => isInside(range, space));
}

function isInside(inner: AddressRange, outer: AddressRange): boolean {
    return inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;
}

/** The address by which clients are told apart: 192.0.2.7 of 2002:c000:207::1. */
export function addressWithin(address: string): string {
    const range = rangeOf(address)!;
    const found = ipv4Space(range);
    if (!found) return address;
    const embedded = (range.first >> found.bitsAfter) & 0xffff_ffffn;
    return numberToAddress(found.isInverted ? embedded ^ 0xffff_ffffn : embedded, 4);
}

/** A range of client addresses, canonical: a network where it is one, else first-last. */
export const subnet = z.string().transform((text, context) => {
    const range = rangeOf(text);
    const ofIpv4 = range && networksOf(range).find((network) => ipv4Space(rangeOf(network)!));
    if (range && ofIpv4 === undefined) return formatRange(range);
    if (ofIpv4 !== undefined) {
        context.addIssue(
            `must not hold ${ofIpv4}: its clients count as IPv4 clients, whom an IPv4 network tells apart`,
        );
        return z.NEVER;
    }
    context.addIssue(
        "must be a range of addresses such as 192.0.2.0/24, 2001:db8::/32, 192.0.2.7 or 192.0.2.10-192.0.2.20",
    );
    return z.NEVER;
});

export function formatRange(range: AddressRange): string {
    const networks = networksOf(range);
    if (networks.length === 1) return networks[0]!;
    return `${numberToAddress(range.first, range.family)}-${numberToAddress(range.last, range.family)}`;
}

export function rangesOverlap(one: AddressRange, other: AddressRange): boolean {
    return one.family === other.family && one.first <= other.last && other.first <= one.last;
}
