import type { Plan } from "../../model/balancer/plan";

/** What carries the traffic: the kernel, told by plans. The agent may die; what was applied goes on. */
export interface Engine {
    /** Serves `plan`: a change of elements where rules stay, else one atomic load of the whole table. Applies run one after another. */
    apply(plan: Plan): Promise<void>;
    /** Called after somebody else changed or removed the table, once it has been put back. */
    onForeignChange(listener: (what: string) => void): void;
    close(): Promise<void>;
}
