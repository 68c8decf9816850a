import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4, number];

function parse(range: string): Range {
    const [address, prefix] = ipaddr.parseCIDR(range);
    if (!(address instanceof ipaddr.IPv4)) throw new Error(`${range} is not a range of IPv4 addresses`);
    return [address, prefix];
}

function toNumber(address: ipaddr.IPv4): number {
    return address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function fromNumber(value: number): string {
    return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

export function addressNumber(address: string): number {
    return toNumber(ipaddr.IPv4.parse(address));
}

/** The range with its host bits cleared, or undefined when the text is no range of IPv4 addresses. */
export function canonicalCidr(text: string): string | undefined {
    if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
    const [, prefix] = parse(text);
    return `${ipaddr.IPv4.networkAddressFromCIDR(text).toString()}/${prefix}`;
}

export function prefixLength(range: string): number {
    return parse(range)[1];
}

/** `255.255.255.0` of 24. */
export function subnetMask(prefixLength: number): string {
    return ipaddr.IPv4.subnetMaskFromPrefixLength(prefixLength).toString();
}

export function contains(range: string, address: string): boolean {
    return ipaddr.IPv4.isValidFourPartDecimal(address) && ipaddr.IPv4.parse(address).match(parse(range));
}

/** Whether the two ranges have an address in common. */
export function overlaps(one: string, other: string): boolean {
    const [a, b] = [one, other].map((range) => addressAt(range, 0));
    return contains(one, b!) || contains(other, a!);
}

/** The address `index` places after the first of the range; negative counts from the last (-1: broadcast). */
export function addressAt(range: string, index: number): string {
    const [address, prefix] = parse(range);
    const size = 2 ** (32 - prefix);
    return fromNumber(toNumber(address) + (index < 0 ? size + index : index));
}

/** Docker insists on an address of its own in every network; in a private one nobody uses it. */
export function dockersAddress(range: string): string {
    return addressAt(range, -2);
}

/** Addresses that a host may have: without those of the network and of its broadcast. */
export function hostCount(range: string): number {
    return 2 ** (32 - prefixLength(range)) - 2;
}

/** Whether the address is one that a host in the range may have. */
export function isHostAddress(range: string, address: string): boolean {
    return contains(range, address) && address !== addressAt(range, 0) && address !== addressAt(range, -1);
}

/** FNV-1a: small, well known, and the same on every machine. */
export function stableHash(text: string): number {
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    // FNV's last bytes barely reach the high bits; fold twice so that similar names land far apart.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
    return (hash ^ (hash >>> 13)) >>> 0;
}

/** Others may have the first, and the second … */
const CANDIDATES = 16;

/** What `name` may have of `count` places, best first: the same on every machine. */
function placesOf(name: string, count: number): number[] {
    const first = stableHash(name) % count;
    return Array.from({ length: Math.min(count, CANDIDATES) }, (_, index) => (first + index) % count);
}

/** The default address spaces of a network, best first: /24s of `within`. */
export function defaultAddressSpaces(name: string, within: string): string[] {
    const [base, prefix] = parse(within);
    return placesOf(name, 2 ** (24 - prefix)).map((block) => `${fromNumber(toNumber(base) + block * 256)}/24`);
}

/** Whether the text is an address by which other hosts may reach this one: neither a wildcard nor loopback. */
export function isReachableByOthers(address: string): boolean {
    return ipaddr.isValid(address) && !["unspecified", "loopback"].includes(ipaddr.parse(address).range());
}

/**
 * The default addresses of `name` in a network, best first; never its first (the bridge's own) or last host address. The
 * last quarter is the name servers': a program tells theirs before it can know what the gateways get.
 */
export function defaultAddresses(name: string, range: string, of: "gateways" | "nameServers"): string[] {
    const usable = hostCount(range) - 2;
    const first = usable - Math.ceil(usable / 4);
    const [begin, count] = of === "gateways" ? [0, first] : [first, usable - first];
    return placesOf(name, count).map((place) => addressAt(range, 2 + begin + place));
}
