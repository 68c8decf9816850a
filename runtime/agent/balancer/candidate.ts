import type { BalancerConfiguration } from "../../../model/balancer/configuration";
import { followsProbe, identity, membersOf, type Member } from "./members";
import { MemberWatch, type Known, type Surroundings } from "./watch";

/** Whoever waits for a new machine should not wait for a long interval too. */
const PACE_SECONDS = 0.5;

interface Place {
    readonly member: Member;
    readonly watch: MemberWatch;
    /** The member that it takes over from, if the watch is not that member's own. */
    readonly before?: MemberWatch;
    readonly isNew: boolean;
    readonly needsProof: boolean;
}

/**
 * A configuration that may come next, watched beside the one that serves. A member needs proof when its machine is new
 * in its set or to run again, or is healthy now and will be asked something else: nobody else would make the set worse
 * than it is. A machine that is to be stopped has nothing to prove, nor has one that receives no connections or receives
 * them whatever its probe says.
 */
export class Candidate {
    private readonly places: readonly Place[];

    constructor(
        readonly configuration: BalancerConfiguration,
        serving: ReadonlyMap<string, MemberWatch>,
        surroundings: Surroundings,
    ) {
        this.places = membersOf(configuration).map((member) => {
            const before = serving.get(member.key);
            const isAsked = member.probe.protocol !== "none" && member.state === "running" && followsProbe(member);
            const returns = before?.member.state === "stopped";
            if (before && identity(before.member) === identity(member))
                return { member, watch: before, isNew: false, needsProof: isAsked && returns };
            const sameMachine = before?.member.container === member.container;
            const needsProof = isAsked && (returns || !sameMachine || before.isHealthy);
            return { member, watch: new MemberWatch(member, surroundings), before, isNew: true, needsProof };
        });
    }

    get members(): readonly Member[] {
        return this.places.map(({ member }) => member);
    }

    /** By member key. */
    watches(): Map<string, MemberWatch> {
        return new Map(this.places.map(({ member, watch }) => [member.key, watch]));
    }

    /** Begins to watch the new members, and to hurry those that need proof. */
    start(): void {
        for (const { watch, isNew, needsProof } of this.places) {
            if (needsProof) watch.hurry(PACE_SECONDS);
            if (isNew) watch.start();
        }
    }

    /** Whether each new member was looked at once. */
    hasLooked(): boolean {
        return this.places.every(({ watch, isNew }) => !isNew || watch.hasLooked);
    }

    /** The members that are not proved to be healthy yet. */
    unproved(): { label: string; reason: string }[] {
        return this.places
            .filter(({ watch, needsProof }) => needsProof && !watch.isHealthy)
            .map(({ watch }) => ({ label: watch.member.label, reason: watch.status.reason }));
    }

    /** `serving` and what is known of the new members: good for whichever configuration the next agent finds. */
    known(serving: ReadonlyMap<string, Known>): Map<string, Known> {
        return new Map([...serving, ...this.places.map(({ watch }) => [identity(watch.member), watch.known] as const)]);
    }

    /** Where nobody waits for proof: what is known of the machine holds until its new probe says otherwise. */
    presume(): void {
        for (const { member, watch, before } of this.places)
            if (before?.member.container === member.container) watch.presume(before.known);
    }

    /** The candidate serves: from now on members are asked as often as they want to be. */
    settle(): void {
        for (const { member, watch } of this.places) watch.serve(member);
    }

    /** The candidate never served: members that stay are asked as before. */
    dismiss(): void {
        for (const { watch, isNew } of this.places) {
            if (isNew) watch.close();
            else watch.serve(watch.member);
        }
    }
}
