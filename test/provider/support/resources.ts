import { randomBytes } from "node:crypto";
import type { Properties } from "./providerProcess";

const PROJECT = "provider-test";

/** A stack of the test's own, so that tests can run side by side and twice in a row. */
export class TestStack {
    readonly name = `t${randomBytes(4).toString("hex")}`;
    readonly project = PROJECT;

    urn(type: string, name: string): string {
        return `urn:pulumi:${this.name}::${PROJECT}::pulumi-nodejs:dynamic/switchyard:${type}::${name}`;
    }

    /** Inputs as the sdk passes them for a resource of this stack. */
    inputs(key: string, name: string, properties: Properties): Properties {
        const type = key.charAt(0).toUpperCase() + key.slice(1);
        return { ...properties, __urn: this.urn(type, name), __provider: providerText(key) };
    }

    /** A /24 that no other run is likely to use at the same time. */
    readonly addressSpaces = (() => {
        const [first, second] = randomBytes(2);
        return { public: `10.24${first! % 8}.${second}.0/24`, private: `10.25${first! % 4}.${second}.0/24` };
    })();
}

export function providerText(key: string): string {
    return `exports.handler = () => require("pulumi-switchyard/provider/v1").${key};`;
}
