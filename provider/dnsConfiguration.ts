import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { DNS_SECRETS, type DnsConfiguration } from "../model/dns/configuration";
import type { DnsStatus } from "../model/dns/control";
import type { EndpointStatus, PolicyStatus } from "../model/dns/status";
import { configurationOf, dnsConfiguration as declared, type DnsConfigurationState } from "../model/resources/dns";
import { refuse } from "../model/schema/kit";
import { containsUnknown, isUnknown, UNKNOWN } from "../model/schema/unknown";
import { agentOf } from "./control/agents";
import { apply, clear, served } from "./control/configurations";
import { DNS } from "./control/runtimes";
import type { Context, Definition } from "./definition";
import { findDatabase, locateDatabase, NoDatabase, uploadDatabase } from "./dns/geoDatabase";
import { overridden } from "./dns/overrides";

interface Outputs {
    readonly revision: number;
    readonly status: Readonly<
        Record<string, { status: PolicyStatus; endpoints: Readonly<Record<string, EndpointStatus>> }>
    >;
}

const schema = declared.check((context) => {
    const { geoDatabase } = context.value;
    if (geoDatabase === undefined || containsUnknown(geoDatabase)) return;
    try {
        locateDatabase(geoDatabase);
    } catch (error) {
        if (!(error instanceof NoDatabase)) throw error;
        refuse(context, ["geoDatabase", error.property], error.message);
    }
});

export const dnsConfiguration: Definition<z.output<typeof schema>, DnsConfigurationState, Outputs> = {
    type: "DnsConfiguration",
    schema,
    secret: DNS_SECRETS,
    outputs: ["revision", "status"],
    replaceOn: ["docker"],

    async derive({ geoDatabase, ...inputs }, { olds, host }) {
        const known = olds && !isUnknown(inputs.server) && inputs.server === olds.server;
        const docker = known && (await host());
        return {
            ...inputs,
            geoDatabase: geoDatabase && withHash(geoDatabase),
            overrides: docker ? await overridden(olds, docker) : olds?.overrides,
        };
    },

    async create(inputs, context) {
        const id = `${inputs.server}-dns-${randomBytes(4).toString("hex")}`;
        return { id, outputs: await serve(id, inputs, context) };
    },

    async read(id, state, context) {
        const target = await targetOf(id, state.server, context);
        const applied = await served(target);
        if (applied === "gone") return undefined;
        if (applied === undefined) return state;
        const status = statusOf(await agentOf(target.host, DNS, state.server).status());
        return { ...asServed(state, applied.configuration), revision: applied.revision, status };
    },

    async update(id, olds, inputs, context) {
        const outputs = await serve(id, inputs, context);
        if (olds.server !== inputs.server) await clear(await targetOf(id, olds.server, context));
        return outputs;
    },

    async delete(id, { server }, context) {
        await clear(await targetOf(id, server, context));
    },
};

async function serve(id: string, inputs: DnsConfigurationState, context: Context): Promise<Outputs> {
    const target = await targetOf(id, inputs.server, context);
    const { geoDatabase } = inputs;
    if (geoDatabase) {
        const database = findDatabase(geoDatabase);
        if (database.hash !== geoDatabase.hash)
            throw new Error(`geoDatabase: ${database.file} changed during this run; run pulumi up again`);
        await uploadDatabase(target.host, inputs.server, database, context.progress);
    }
    const revision = await apply(target, { configuration: configurationOf(inputs) });
    return { revision, status: statusOf(await agentOf(target.host, DNS, inputs.server).status()) };
}

async function targetOf(owner: string, server: string, { host, progress }: Context) {
    return { host: await host(), runtime: DNS, container: server, owner, progress };
}

type GeoDatabase = NonNullable<z.output<typeof schema>["geoDatabase"]>;

function withHash(given: GeoDatabase): GeoDatabase & { hash: string } {
    return { ...given, hash: containsUnknown(given) ? UNKNOWN : findDatabase(given).hash };
}

/** The inputs as the server has them. */
function asServed(state: DnsConfigurationState, configuration: DnsConfiguration | null): DnsConfigurationState {
    const { server, docker, overrides } = state;
    if (configuration === null) return { ...state, nameServers: {}, cloudServices: {}, policies: {} };
    const { geoDatabase: hash, ...shape } = configuration;
    const geoDatabase = hash === undefined ? undefined : { ...state.geoDatabase, hash };
    return { server, docker, overrides, ...shape, geoDatabase };
}

function statusOf({ policies }: DnsStatus): Outputs["status"] {
    return Object.fromEntries(
        Object.entries(policies).map(([policy, { status, endpoints }]) => [
            policy,
            { status, endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, e]) => [name, e.status])) },
        ]),
    );
}
