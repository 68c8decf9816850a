import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { STATE_DIRECTORY } from "../../model/control";
import { GEO_FOLDER, geoFileName } from "../../model/dns/control";
import { execute } from "../docker/exec";
import type { Host } from "../docker/host";
import { uploadFile } from "../docker/upload";
import { bundleOf, type Bundle } from "../package";

interface Declared {
    readonly package?: string | undefined;
    readonly file?: string | undefined;
}

/** Why there is no database where the program says: a sentence about one of its properties. */
export class NoDatabase extends Error {
    constructor(
        readonly property: keyof Declared,
        message: string,
    ) {
        super(message);
    }
}

/** The database, named by its content. */
export function findDatabase(declared: Declared, program?: string): Bundle {
    return bundleOf(locateDatabase(declared, program));
}

/** Pulumi runs program and provider in the program's directory; paths and packages are found as from there. */
export function locateDatabase({ package: name, file }: Declared, program = process.cwd()): string {
    if (name === undefined) return existing(path.resolve(program, file!));
    const folder = packageFolder(name, program);
    return existing(path.join(folder, file ?? onlyDatabaseOf(name, folder)));
}

function existing(file: string): string {
    if (!existsSync(file) || !statSync(file).isFile())
        throw new NoDatabase("file", `must name a file; ${file} is none`);
    return file;
}

/** By its folder: a package of data has nothing to `require`, and may not export what it is asked for. */
function packageFolder(name: string, program: string): string {
    const places = createRequire(path.join(program, "package.json")).resolve.paths(name) ?? [];
    const folder = places.map((place) => path.join(place, name)).find((candidate) => existsSync(candidate));
    if (folder !== undefined) return folder;
    throw new NoDatabase("package", `must be installed where the program is: npm install ${name}`);
}

function onlyDatabaseOf(name: string, folder: string): string {
    const all = readdirSync(folder).filter((file) => file.endsWith(".mmdb"));
    // One that knows all addresses is better than one for each family.
    const whole = all.filter((file) => !/-ipv[46]\.mmdb$/.test(file));
    if (whole.length === 1) return whole[0]!;
    const found = all.length === 0 ? "none" : all.join(", ");
    throw new NoDatabase("package", `must hold one .mmdb file, or file must name one (${name} holds ${found})`);
}

/** Puts the database into the server's volume, where it is not there yet. The agent reads it when a configuration names it. */
export async function uploadDatabase(
    host: Host,
    server: string,
    { file, hash }: Bundle,
    progress: (message: string) => void,
): Promise<void> {
    const folder = `${STATE_DIRECTORY}/${GEO_FOLDER}`;
    const target = `${folder}/${geoFileName(hash)}`;
    if ((await execute(host, server, ["test", "-e", target])).exitCode === 0) return;
    progress(`uploading ${path.basename(file)} to ${server}`);
    // Under another name until it is whole: an upload may be cut off.
    const part = `${geoFileName(hash)}.part`;
    await uploadFile(host, server, file, { folder, name: part });
    const finish = 'mv -f "$1" "$2" && rm -f "$3"/*.part';
    const command = ["sh", "-c", finish, "sh", `${folder}/${part}`, target, folder];
    const { exitCode, output } = await execute(host, server, command);
    if (exitCode !== 0) throw new Error(`${path.basename(file)} could not be put into DNS server ${server}: ${output}`);
}
