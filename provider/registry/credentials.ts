import { registryName, type RegistryAuth } from "../../model/resources/registryAuth";
import { reasonOf } from "../docker/errors";
import { askHelper, loginOf } from "./helper";
import { loginIn, sources, type Login, type Source } from "./settings";

/** What a registry is shown, and where it comes from. */
export interface Credentials {
    readonly login?: Login | undefined;
    /** The end of a sentence about a refusal; nothing secret. */
    readonly told: string;
}

/** What the program gives for the registry, and else what the docker command would show it. */
export async function credentialsFor(registry: string, given: RegistryAuth = []): Promise<Credentials> {
    const own = given.find(({ address }) => registryName(address) === registry);
    if (own) {
        const login = loginOf(registry, own.username, own.password);
        return { login, told: "shown the credentials in docker.registryAuth" };
    }
    const asked = sources();
    const problems: string[] = [];
    for (const source of asked) {
        try {
            const login = await loginFrom(source, registry);
            if (login) return { login, told: `shown the credentials in ${source.name}` };
        } catch (error) {
            problems.push(reasonOf(error));
        }
    }
    const places = ["docker.registryAuth", ...asked.map(({ name }) => name)].join(" or ");
    const why = problems.length > 0 ? problems.join("; ") : `${places} has none for it`;
    return { told: `shown no credentials: ${why}` };
}

async function loginFrom(source: Source, registry: string): Promise<Login | undefined> {
    const { name, settings, problem } = source;
    if (problem !== undefined) throw new Error(problem);
    if (!settings) return undefined;
    const helper = helperFor(settings.credHelpers ?? {}, registry) ?? settings.credsStore;
    if (!helper) return loginIn(settings, registry);
    try {
        return await askHelper(helper, registry);
    } catch (error) {
        throw new Error(`${reasonOf(error)} (${name} names it for ${registry})`);
    }
}

function helperFor(helpers: Readonly<Record<string, string>>, registry: string): string | undefined {
    return Object.entries(helpers).find(([address]) => registryName(address) === registry)?.[1];
}
