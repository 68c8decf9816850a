import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { docker, IMAGE, removeEverythingOf } from "./host";
import { type ProviderError, ProviderProcess, type Properties } from "./providerProcess";
import { TestStack } from "./resources";

/** A shell that ends when it is told to. */
export const OBEDIENT = ["sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait"];

export interface MadeMachine {
    readonly id: string;
    readonly inputs: Properties;
    readonly properties: Properties;
}

/** A network, a provider, and for each test a machine of its own; all of it goes with the test. */
export class Machines {
    readonly stack = new TestStack();
    readonly network = `${this.stack.name}-1-east-private-1`;
    readonly passingNetwork = `${this.network}-passing`;
    provider!: ProviderProcess;
    /** Of the machine of this test. */
    name!: string;
    #count = 0;

    constructor() {
        beforeAll(async () => {
            this.provider = await ProviderProcess.start();
            await docker.createNetwork({
                Name: this.network,
                Labels: this.labels,
                IPAM: { Driver: "default", Config: [{ Subnet: this.stack.addressSpaces.private }] },
            });
        });
        afterAll(async () => {
            await this.provider.stop();
            await removeEverythingOf(this.stack);
        });
        beforeEach(() => {
            this.name = `web${++this.#count}`;
        });
        afterEach(async () => {
            const filters = { label: [`io.switchyard.urn=${this.stack.urn("VirtualMachine", this.name)}`] };
            for (const { Id } of await docker.listContainers({ all: true, filters }))
                await docker.getContainer(Id).remove({ force: true });
        });
    }

    /** Of the network, from its upper end. */
    get freeAddress(): string {
        return this.stack.addressSpaces.private.replace(/0\/24$/, "200");
    }

    /** Makes a second network, anew if it is there. */
    async makePassingNetwork(): Promise<void> {
        await docker
            .getNetwork(this.passingNetwork)
            .remove()
            .catch(() => undefined);
        await docker.createNetwork({ Name: this.passingNetwork, Labels: this.labels });
    }

    /** Of whatever the stack has, and the test removes. */
    get labels(): Record<string, string> {
        return { "io.switchyard.project": this.stack.project, "io.switchyard.stack": this.stack.name };
    }

    /** What the sdk would pass. */
    inputs(properties: Properties = {}): Properties {
        return this.stack.inputs("virtualMachine", this.name, {
            alias: this.name,
            network: this.network,
            gateway: `${this.stack.name}-no-gateway`,
            image: IMAGE,
            command: OBEDIENT,
            ...properties,
        });
    }

    async check(properties: Properties = {}, olds?: Properties): Promise<Properties> {
        const { inputs, failures } = await this.provider.check(this.inputs(properties), olds);
        expect(failures).toEqual([]);
        return inputs;
    }

    async make(properties: Properties = {}): Promise<MadeMachine> {
        const inputs = await this.check(properties);
        return { inputs, ...(await this.provider.create(inputs)) };
    }

    /** What Pulumi would learn of a change. */
    async change(before: MadeMachine, properties: Properties) {
        const inputs = await this.check(properties, before.inputs);
        return { inputs, diff: await this.provider.diff(before.id, before.properties, inputs) };
    }

    /** What replaces a machine that is only planned. */
    async replaces(from: Properties, to: Properties) {
        const inputs = await this.check(from);
        return (await this.change({ inputs, id: "id", properties: inputs }, to)).diff;
    }
}

export const failureOf = (action: Promise<unknown>) =>
    action.then(
        () => expect.fail("it should have failed"),
        (error: unknown) => error as ProviderError,
    );

/** What a command in a machine writes. */
export async function run(id: string, ...command: string[]): Promise<string> {
    const exec = await docker
        .getContainer(id)
        .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    return text.replaceAll("\r\n", "\n").trim();
}
