import type { GatewayNetwork } from "../../../model/balancer/network";
import type { Plan } from "../../../model/balancer/plan";
import type { Looks } from "../../../model/balancer/traffic";
import {
    Commands,
    countConnections,
    prepareNetwork,
    readAclCounts,
    startNftablesEngine,
    type AclCounts,
    type Engine,
    type MachinePorts,
    type PreparedNetwork,
} from "../../balancer";
import { TABLE } from "../../balancer/transactions";
import type { Kernel } from "./kernel";

/** Somebody may disconnect a network, connect it again, or take the gateway's address away. */
const CHECK_MS = 10_000;

/** The kernel of the gateway's own network namespace. The networks may come later than the agent. */
export class GatewayKernel implements Kernel {
    private readonly commands = new Commands();
    private readonly timer: NodeJS.Timeout;
    private prepared?: PreparedNetwork;
    private engine?: Engine;
    private missing?: string;

    /** @param onForeignChange called after somebody else's change to the kernel's tables was put right
     *  @param onMoved called when a network is on another interface now, so that all rules must be written anew */
    constructor(
        private readonly network: GatewayNetwork,
        private readonly onForeignChange: (what: string) => void,
        private readonly onMoved: () => void,
    ) {
        this.timer = setInterval(() => void this.check(), CHECK_MS).unref();
    }

    async apply(plan: Plan): Promise<void> {
        this.engine ??= await this.start();
        await this.engine.apply(plan);
    }

    async settled(): Promise<void> {
        await this.engine?.settled();
    }

    /** Whether an earlier agent's table is there. */
    async serves(): Promise<boolean> {
        const { code } = await this.commands.attempt(["nft", "list", "set", ...TABLE.split(" "), "stamp"]);
        return code === 0;
    }

    countConnections(machines: readonly MachinePorts[]): Promise<number[]> {
        return countConnections(machines, this.commands);
    }

    async traffic(): Promise<Looks> {
        return (await this.engine?.traffic()) ?? { now: new Map() };
    }

    async attend(): Promise<void> {
        await this.engine?.attend();
    }

    aclCounts(plan: Plan): Promise<AclCounts> {
        return readAclCounts(plan, this.commands);
    }

    problems(): readonly string[] {
        return [...(this.missing ? [this.missing] : []), ...(this.prepared?.problems ?? [])];
    }

    async close(): Promise<void> {
        clearInterval(this.timer);
        await this.engine?.close();
    }

    private async start(): Promise<Engine> {
        this.prepared ??= await prepareNetwork(this.network, this.commands);
        const engine = await startNftablesEngine({ interfaces: this.prepared.interfaces, commands: this.commands });
        engine.onForeignChange(this.onForeignChange);
        return engine;
    }

    private async check(): Promise<void> {
        try {
            const before = this.prepared;
            this.prepared = await prepareNetwork(this.network, this.commands);
            delete this.missing;
            if (!before || JSON.stringify(before.interfaces) === JSON.stringify(this.prepared.interfaces)) return;
            const engine = this.engine;
            delete this.engine;
            await engine?.close();
            this.onMoved();
        } catch (error) {
            this.missing = (error as Error).message;
        }
    }
}
