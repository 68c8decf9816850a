import { mostCondemned, suspicion, weigh, type Evidence } from "../../../model/balancer/passive";
import { takesNew } from "../../../model/balancer/receivers";
import type { MemberTraffic } from "../../../model/balancer/traffic";
import { followsProbe } from "./members";
import type { MemberWatch } from "./watch";

/** Asks members at once against which their own traffic speaks, long before their next probe is due. */
export class Detector {
    private evidence = new WeakMap<MemberWatch, Evidence>();
    private readonly asking = new Set<MemberWatch>();
    private readonly condemned = new Set<MemberWatch>();

    /** @param seen what was counted since the last look, of every member that is watched */
    look(seen: ReadonlyMap<MemberWatch, MemberTraffic>, now = Date.now()): void {
        for (const watch of this.condemned) if (watch.isHealthy || !seen.has(watch)) this.condemned.delete(watch);
        for (const [watch, traffic] of seen) {
            const evidence = isConcerned(watch) ? weigh(this.evidence.get(watch), traffic, now) : undefined;
            if (evidence) this.evidence.set(watch, evidence);
            else this.evidence.delete(watch);
            const against = evidence && suspicion(evidence, now);
            if (!evidence || against === undefined || this.asking.has(watch) || !this.mayCondemn(watch, seen)) continue;
            this.evidence.delete(watch);
            void this.ask(watch, against, evidence.refused > 0);
        }
    }

    private async ask(watch: MemberWatch, against: string, refused: boolean): Promise<void> {
        this.asking.add(watch);
        try {
            if (await watch.confirm(against, refused)) this.condemned.add(watch);
        } finally {
            this.asking.delete(watch);
        }
    }

    private mayCondemn({ member: { frontend } }: MemberWatch, seen: ReadonlyMap<MemberWatch, unknown>): boolean {
        const ofSet = (watches: Iterable<MemberWatch>) =>
            [...watches].filter(({ member }) => member.frontend === frontend && takesNew(member.share));
        // Whoever is out for another reason leaves fewer to lose.
        const able = ofSet(seen.keys()).filter((watch) => watch.isHealthy || this.condemned.has(watch));
        return ofSet(this.condemned).length + ofSet(this.asking).length < mostCondemned(able.length);
    }
}

/** Of udp nothing tells whether a member answered, and one for whom no probe decides is not to be judged. */
function isConcerned({ member, isHealthy }: MemberWatch): boolean {
    const { passiveDetection, protocol, probe } = member;
    return isHealthy && passiveDetection && protocol === "tcp" && probe.protocol !== "none" && followsProbe(member);
}
