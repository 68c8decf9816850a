import path from "node:path";
import { GEO_FOLDER, geoFileName } from "../../../model/dns/control";
import type { DnsEngineOptions } from "../../dns/engine";
import { commonSettings, type CommonSettings } from "../settings";

export interface Settings extends CommonSettings {
    readonly geoDirectory: string;
    readonly engine: DnsEngineOptions;
}

/** The agent's settings: those of its container, and the name under which its bundle was uploaded. */
export function readSettings(environment: NodeJS.ProcessEnv, program: string): Settings {
    const common = commonSettings(environment, program);
    const geoDirectory = path.join(common.stateDirectory, GEO_FOLDER);
    return {
        ...common,
        geoDirectory,
        // An image has all of these where the engine expects them.
        engine: {
            listen: environment.SWITCHYARD_DNS_LISTEN?.split(","),
            runDirectory: environment.SWITCHYARD_GDNSD_RUN_DIRECTORY,
            configurationDirectory: environment.SWITCHYARD_GDNSD_CONFIGURATION_DIRECTORY,
            geoFile: (hash) => path.join(geoDirectory, geoFileName(hash)),
        },
    };
}
