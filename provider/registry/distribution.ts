import { platformOf } from "../../model/resources/machine/image";
import type { RegistryAuth } from "../../model/resources/registryAuth";
import { isNoAnswer, reasonOf, statusOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { credentialsFor } from "./credentials";
import { registryOf, withTag } from "./reference";
import { whyNotGiven } from "./refusal";
import type { Login } from "./settings";

const LONGEST_MS = 20_000;

/** What a registry has under an image's name. */
export interface Distributed {
    readonly digest: string;
    /** `linux/amd64`, as far as the registry tells. */
    readonly platforms: readonly string[];
}

interface Answer {
    readonly Descriptor: { readonly digest: string };
    readonly Platforms?: readonly { os: string; architecture: string; variant?: string }[] | null;
}

/** Has the host ask the image's registry, without pulling; throws one sentence when that does not tell. */
export async function askRegistry(host: Host, image: string, given: RegistryAuth | undefined): Promise<Distributed> {
    const registry = registryOf(image);
    const credentials = await credentialsFor(registry, given);
    try {
        const { Descriptor, Platforms } = await distributionOf(host, image, credentials.login);
        const platforms = (Platforms ?? []).map(({ os, architecture, variant }) =>
            platformOf(os, architecture, variant),
        );
        return { digest: Descriptor.digest, platforms: platforms.filter((name) => !name.includes("unknown")) };
    } catch (error) {
        if (isNoAnswer(error)) throw new Error(`${registry} does not answer within ${LONGEST_MS / 1000} s`);
        if (statusOf(error) === undefined) throw error;
        throw new Error(whyNotGiven(reasonOf(error), registry, credentials));
    }
}

/** With a time of its own: that a registry is silent says nothing of the host. */
function distributionOf({ docker }: Host, image: string, login: Login | undefined): Promise<Answer> {
    return new Promise((resolve, reject) =>
        docker.modem.dial(
            {
                path: `/distribution/${withTag(image)}/json`,
                method: "GET",
                statusCodes: { 200: true },
                abortSignal: AbortSignal.timeout(LONGEST_MS),
                ...(login && { authconfig: login }),
            },
            (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer as Answer)),
        ),
    );
}

const FAILURE_KEPT_MS = 30_000;
const asked = new Map<string, Promise<string>>();

/** The image's digest in its registry now. One run asks once, so that its machines get the same. */
export function currentDigest(host: Host, image: string, given: RegistryAuth | undefined): Promise<string> {
    const key = JSON.stringify([host.address, image, given]);
    let answer = asked.get(key);
    if (!answer) {
        answer = askRegistry(host, image, given).then(({ digest }) => digest);
        asked.set(key, answer);
        answer.catch(() => setTimeout(() => asked.delete(key), FAILURE_KEPT_MS).unref());
    }
    return answer;
}
