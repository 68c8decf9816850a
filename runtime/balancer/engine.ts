import type { Plan } from "../../model/balancer/plan";
import type { Looks } from "../../model/balancer/traffic";

/** What carries the traffic: the kernel, told by plans. The agent may die; what was applied goes on. */
export interface Engine {
    /**
     * Serves `plan`: a change of elements where rules stay, else one atomic load of all that differs. Resolves when the
     * kernel does. Applies run one after another; one that fails leaves the kernel with what it had.
     */
    apply(plan: Plan): Promise<void>;
    /**
     * Connections that an applied plan sends nowhere any more (udp, and tcp that was never answered) are forgotten, so that
     * the client's next packet reaches whoever serves now; established tcp stays. Resolves when all that came due is done;
     * applies need not wait for it.
     */
    settled(): Promise<void>;
    /**
     * What the kernel has counted for the applied plan's frontends, also while their ports were others'. Counting begins anew
     * when the table was put back.
     * Reading waits for no apply, and no apply for it.
     */
    traffic(): Promise<Looks>;
    /**
     * The caller has just read the traffic and will soon do so again: until that is overdue, frontends may be forgiving. May
     * be called after each look.
     */
    attend(): Promise<void>;
    /** Called with why once the table was put back: somebody else changed or removed it, or a change of ours had failed. */
    onForeignChange(listener: (what: string) => void): void;
    /** Stops watching. What was applied goes on serving. */
    close(): Promise<void>;
}
