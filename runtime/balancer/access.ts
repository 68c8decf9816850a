import type { Rate } from "../../model/balancer/frontend";
import type { Frontend, Plan } from "../../model/balancer/plan";
import { subnetMask } from "../../model/network/addresses";
import { BEGINS } from "./counters";
import { aclMark, chain } from "./elements";
import { declare, type Declaration } from "./text";

/**
 * Who may connect, and how much, asked at the head of a frontend's chain: on new connections only, before any
 * translation, so that the client's own address is seen.
 *
 * One exact map holds all ACLs: range . mark → verdict, where the mark tells the frontend and the length of the range. It is
 * asked for each length, the longest first, and ends with a range that holds everybody. No interval sets: beside a
 * large one every change of any element is slow, and a fresh one misses ranges for a moment. No map a frontend either: a
 * thousand of them slow changes too.
 *
 * What counts by itself lives in dynamic sets and is named by all that it is: one that stays keeps its count through any
 * change of rules, and one that is to be different is another.
 */

/** A connection that was let in has a record, also while nobody has answered yet. */
const UNRECORDED = "ct status & confirmed == 0";

/** The rules of a frontend's chain that come before its slot is chosen. */
export function renderAdmission(frontend: Frontend): string[] {
    const { acl, protocol, maxConnections, rate, idleTimeoutMinutes } = frontend;
    const rules: string[] = [];
    if (acl) rules.push(`jump ${aclChain(frontend)}`);
    if (rate) {
        const limit = `limit rate over ${rate.connections}/${rate.per} burst ${rate.burst} packets`;
        rules.push(`${BEGINS[protocol]}${UNRECORDED} update @${rateSet(frontend, rate)} { ip saddr ${limit} } drop`);
    }
    if (maxConnections !== undefined) {
        const full = `meta l4proto ct count over ${maxConnections}`;
        rules.push(`${UNRECORDED} add @${openSet(frontend, maxConnections)} { ${full} } goto refuse`);
    }
    if (idleTimeoutMinutes !== undefined) rules.push(`ct timeout set "${timeoutPolicy(protocol, idleTimeoutMinutes)}"`);
    return rules;
}

/** The chain that a frontend with an ACL asks first: it returns for those who are let in. */
export function aclChains(frontend: Frontend): [string, string[]][] {
    const lengths = [...new Set(frontend.acl?.map(({ length }) => length))];
    if (lengths.length === 0) return [];
    const rules = lengths.flatMap((length) => {
        const ask = `ip saddr & ${subnetMask(length)} . meta mark vmap @acl`;
        return [`meta mark set ${aclMark(frontend, length)} ${ask}`, ask];
    });
    return [[aclChain(frontend), [...rules, "drop"]]];
}

function aclChain(frontend: Frontend): string {
    return `acl-${chain(frontend)}`;
}

export function dynamicSets({ frontends }: Plan): Declaration[] {
    return frontends.flatMap((frontend): Declaration[] => {
        const { maxConnections, rate } = frontend;
        const sets: Declaration[] = [];
        if (rate) {
            const size = `size ${MOST_SOURCES}`;
            const timeout = `timeout ${secondsToFill(rate)}s`;
            sets.push(["set", rateSet(frontend, rate), ["type ipv4_addr", size, "flags dynamic,timeout", timeout]]);
        }
        if (maxConnections !== undefined)
            sets.push(["set", openSet(frontend, maxConnections), ["type inet_proto", "size 1", "flags dynamic"]]);
        return sets;
    });
}

/** Further sources at a time are not limited. */
const MOST_SOURCES = 65_536;

/** A source is forgotten when its bucket would be full again. */
function secondsToFill({ connections, per, burst }: Rate): number {
    return Math.max(60, Math.ceil((burst * (per === "minute" ? 60 : 1)) / connections));
}

/** All idle timeouts in use. They are few and are never removed: that would walk through all connections. */
export function renderTimeouts({ frontends }: Plan): string {
    const policies = frontends.flatMap(({ protocol, idleTimeoutMinutes: minutes }): Declaration[] => {
        if (minutes === undefined) return [];
        const idle = minutes * 60;
        const policy =
            protocol === "tcp" ? `established : ${idle}` : `unreplied : ${UNREPLIED_SECONDS}, replied : ${idle}`;
        const lines = [`protocol ${protocol}`, "l3proto ip", `policy = { ${policy} }`];
        return [["ct timeout", timeoutPolicy(protocol, minutes), lines]];
    });
    return [...new Set(policies.map(declare))].join("");
}

/** The kernel's own. */
const UNREPLIED_SECONDS = 30;

function timeoutPolicy(protocol: Frontend["protocol"], minutes: number): string {
    return `idle-${protocol}-${minutes}`;
}

function rateSet(frontend: Frontend, { connections, per, burst }: Rate): string {
    return `rate-${chain(frontend)}-${connections}-${per}-${burst}`;
}

function openSet(frontend: Frontend, maxConnections: number): string {
    return `open-${chain(frontend)}-${maxConnections}`;
}
