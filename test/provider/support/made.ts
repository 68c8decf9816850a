import { expect } from "vitest";
import type { ProviderProcess, Properties } from "./providerProcess";
import type { TestStack } from "./resources";

export interface Made {
    readonly key: string;
    readonly name: string;
    readonly id: string;
    readonly inputs: Properties;
    readonly properties: Properties;
}

/** Makes resources in the order in which Pulumi would, and remembers them. */
export class ResourceMaker {
    readonly resources: Record<string, Made> = {};

    constructor(
        protected readonly provider: ProviderProcess,
        protected readonly stack: TestStack,
    ) {}

    async make(key: string, name: string, properties: Properties): Promise<Made> {
        const { inputs, failures } = await this.provider.check(this.stack.inputs(key, name, properties));
        expect(failures).toEqual([]);
        const made = { key, name, inputs, ...(await this.provider.create(inputs)) };
        this.resources[name] = made;
        return made;
    }

    async change(made: Made, properties: Properties): Promise<Made> {
        const wanted = this.stack.inputs(made.key, made.name, properties);
        const { inputs, failures } = await this.provider.check(wanted, made.inputs);
        expect(failures).toEqual([]);
        const changed = { ...made, inputs, properties: await this.provider.update(made.id, made.properties, inputs) };
        this.resources[made.name] = changed;
        return changed;
    }
}
