import type { Plan } from "../../../model/balancer/plan";
import type { Looks } from "../../../model/balancer/traffic";
import type { AclCounts, MachinePorts } from "../../balancer";

/** What the agent needs of the kernel: `GatewayKernel` in a gateway, anything in a test. */
export interface Kernel {
    /** Serves the plan, or throws and leaves what served before. */
    apply(plan: Plan): Promise<void>;
    /** Resolves when no connection is left that what was applied would send elsewhere. */
    settled(): Promise<void>;
    /** Open connections to the ports of each of these, through whichever frontend. */
    countConnections(machines: readonly MachinePorts[]): Promise<number[]>;
    /** What the kernel has counted for the frontends that it serves. */
    traffic(): Promise<Looks>;
    /** Somebody has just read the traffic, and will soon do so again. */
    attend(): Promise<void>;
    /** What the ACLs of the plan that serves have decided. */
    aclCounts(plan: Plan): Promise<AclCounts>;
    /** What keeps traffic from flowing as it should, one sentence each. */
    problems(): readonly string[];
    /** Stops; what was applied goes on serving. */
    close(): Promise<void>;
}
