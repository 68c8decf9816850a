import type { RegistryAuth } from "../../model/resources/registryAuth";
import { reasonOf, statusOf } from "../docker/errors";
import type { Host } from "../docker/host";
import { BuildProblem, follow } from "../docker/images";
import { credentialsFor } from "./credentials";
import { askRegistry } from "./distribution";
import { PullProgress } from "./progress";
import { registryOf, withTag } from "./reference";
import { whyNotGiven } from "./refusal";

const SHOWN_EVERY_MS = 250;

interface Wanted {
    readonly platform?: string | undefined;
    readonly registryAuth?: RegistryAuth | undefined;
}

/** Has the host pull the image; returns why it could not. */
export async function pull(
    host: Host,
    image: string,
    { platform, registryAuth }: Wanted,
    progress: (message: string) => void,
): Promise<string | undefined> {
    const registry = registryOf(image);
    const credentials = await credentialsFor(registry, registryAuth);
    progress(`pulling ${image}`);
    try {
        const stream = await host.docker.pull(withTag(image), {
            ...(platform && { platform }),
            ...(credentials.login && { authconfig: credentials.login }),
        });
        const layers = new PullProgress();
        let shown = Date.now();
        await follow(host.docker.modem, stream, (line) => {
            layers.hear(line);
            if (Date.now() - shown < SHOWN_EVERY_MS || layers.line === "") return;
            shown = Date.now();
            progress(`pulling ${image}: ${layers.line}`);
        });
        return undefined;
    } catch (error) {
        if (statusOf(error) === undefined && !(error instanceof BuildProblem)) throw error;
        const reason = reasonOf(error);
        if (platform && /no matching manifest|does not match the specified platform/i.test(reason))
            return describePlatforms(host, image, platform, registryAuth);
        return whyNotGiven(reason, registry, credentials);
    }
}

async function describePlatforms(host: Host, image: string, wanted: string, given: RegistryAuth | undefined) {
    // The pull's own error names the host's platforms or one of the image's, if any.
    const built = await askRegistry(host, image, given).then(
        ({ platforms }) => platforms,
        () => [],
    );
    const has = built.length > 0 ? ` (there are ${built.join(", ")})` : "";
    return `${registryOf(image)} has no build of it for ${wanted}${has}`;
}
