import type Docker from "dockerode";
import { isDeepStrictEqual } from "node:util";
import { isFor } from "../../model/resources/machine/image";
import { DEFAULT_MODE, type UserData } from "../../model/resources/machine/userData";
import type { VirtualMachineState } from "../../model/resources/virtualMachine";
import { containsUnknown } from "../../model/schema/unknown";
import type { Derived } from "../definition";
import type { Inspection } from "../docker/containers";
import { downloadFile } from "../docker/download";
import { unlessGone } from "../docker/errors";
import type { Host } from "../docker/host";
import { findImage, inspectImage } from "../docker/images";
import { withDigest } from "../registry/ensure";
import { logConfigOf } from "./logs";
import { healthConfigOf } from "./options";

/** Of an image: what a container has where nobody says otherwise. */
type Defaults = Partial<Docker.ImageInspectInfo["Config"]> & { readonly Healthcheck?: Docker.HealthConfig };

/**
 * The inputs that the container does not meet and that only another container could, by their paths. What they leave
 * out must be the image's own, but a host name and limits of logs may be anything. Values may be secret: none is told.
 */
export async function differences(
    host: Host,
    container: Inspection,
    inputs: Derived<VirtualMachineState>,
): Promise<string[]> {
    const { Config, HostConfig } = container;
    const image = await defaultsOf(host, container);
    const { hostname, logs, disks = {}, devices = {}, capabilities = [] } = inputs;
    const wantedLogs = typeof logs === "object" && !containsUnknown(logs) ? await logConfigOf(host, logs) : undefined;
    const compared: [property: string, wanted: unknown, found: unknown][] = [
        ["command", inputs.command ?? image.Cmd ?? [], Config.Cmd ?? []],
        ["hostname", hostname ?? Config.Hostname, Config.Hostname],
        ["healthCheck", checkOf(healthConfigOf(inputs.healthCheck) ?? image.Healthcheck), checkOf(Config.Healthcheck)],
        ["stopSignal", inputs.stopSignal ?? signalOf(image), signalOf(Config)],
        ["logs", wantedLogs ?? HostConfig.LogConfig, HostConfig.LogConfig],
        [
            "capabilities",
            capabilities,
            ((HostConfig.CapAdd ?? []) as string[]).map((name) => name.replace(/^CAP_/, "")).sort(),
        ],
        ...byKey("environment", { ...variables(image.Env), ...inputs.environment }, variables(Config.Env)),
        ...byKey("labels", inputs.labels, pick(Config.Labels ?? {}, Object.keys(inputs.labels))),
        ...byKey("disks", disks, disksOf(container, image)),
        ...byKey("devices", devices, devicesOf(HostConfig)),
    ];
    const differing = compared
        .filter(([, wanted, found]) => !containsUnknown(wanted) && !isDeepStrictEqual(wanted, found))
        .map(([property]) => property);
    return [
        ...((await isOfImage(host, container, wantedImage(inputs))) ? [] : [`image (it has ${Config.Image})`]),
        ...(await differingPlatform(host, container, inputs)),
        ...differing,
        ...(await differingFiles(host, container, inputs.userData ?? {})),
    ];
}

/** The options of `docker run` with which it was made and that no machine has. */
export async function foreignOptions(host: Host, container: Inspection): Promise<string[]> {
    const { Config, HostConfig, Mounts } = container;
    const image = await defaultsOf(host, container);
    const mode = HostConfig.NetworkMode ?? "";
    const options: Record<string, boolean> = {
        "--entrypoint": !isDeepStrictEqual(Config.Entrypoint ?? null, image.Entrypoint ?? null),
        "--user": Config.User !== (image.User ?? ""),
        "--workdir": (Config.WorkingDir || "/") !== (image.WorkingDir || "/"),
        "--rm": HostConfig.AutoRemove === true,
        "--privileged": HostConfig.Privileged === true,
        "--cap-drop": ((HostConfig.CapDrop ?? []) as string[]).length > 0,
        "--read-only": HostConfig.ReadonlyRootfs === true,
        "--tmpfs": Object.keys(HostConfig.Tmpfs ?? {}).length > 0,
        "--publish":
            Object.keys((HostConfig.PortBindings ?? {}) as object).length > 0 || HostConfig.PublishAllPorts === true,
        "--volume with a folder of the host": Mounts.some(({ Type }) => Type !== "volume"),
        [`--network ${mode}`]: mode === "host" || mode === "none" || mode.startsWith("container:"),
    };
    return Object.keys(options).filter((option) => options[option]);
}

async function defaultsOf({ docker }: Host, container: Inspection): Promise<Defaults> {
    return (await unlessGone(docker.getImage(container.Image).inspect()))?.Config ?? {};
}

/** A tag may mean another image by now; a machine that is there keeps the one that it has. */
async function isOfImage(host: Host, container: Inspection, wanted: string): Promise<boolean> {
    if (containsUnknown(wanted) || container.Config.Image === wanted) return true;
    return (await findImage(host, wanted)) === container.Image;
}

/** As it is run: where the machine follows its registry, by its digest. */
function wantedImage({ image, imageDigest }: Derived<VirtualMachineState>): string {
    return containsUnknown(image) ? image : withDigest(image, imageDigest);
}

async function differingPlatform(host: Host, container: Inspection, { platform }: Derived<VirtualMachineState>) {
    if (platform === undefined || containsUnknown(platform)) return [];
    const image = await inspectImage(host, container.Image);
    return image && !isFor(platform, image.platform) ? [`platform (it is for ${image.platform})`] : [];
}

function variables(list: readonly string[] | undefined | null): Record<string, string> {
    return Object.fromEntries((list ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

function checkOf(check: Docker.HealthConfig | undefined | null): unknown {
    const { Test = [], Interval = 0, Timeout = 0, Retries = 0, StartPeriod = 0 } = check ?? {};
    return Test.length === 0 ? [] : [Test, Interval, Timeout, Retries, StartPeriod];
}

function signalOf(config: object): string {
    return (config as { StopSignal?: string }).StopSignal || "SIGTERM";
}

/** Without the nameless volumes that an image asks for. */
function disksOf({ Mounts }: Inspection, { Volumes }: Defaults): object {
    const named = Mounts.filter(
        ({ Type, Name, Destination }) =>
            Type === "volume" && !(Destination in (Volumes ?? {}) && /^[0-9a-f]{64}$/.test(Name ?? "")),
    );
    return Object.fromEntries(named.map(({ Destination, Name, RW }) => [Destination, { volume: Name, readOnly: !RW }]));
}

function devicesOf({ Devices }: Inspection["HostConfig"]): object {
    const devices = (Devices ?? []) as { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[];
    return Object.fromEntries(
        devices.map(({ PathOnHost, PathInContainer, CgroupPermissions }) => [
            PathInContainer,
            { device: PathOnHost, permissions: CgroupPermissions },
        ]),
    );
}

/** Each key of both, so that a difference is told by its name. */
function byKey(property: string, wanted: object, found: object): [string, unknown, unknown][] {
    const [left, right] = [wanted as Record<string, unknown>, found as Record<string, unknown>];
    if (containsUnknown(wanted)) return [];
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return keys.map((key) => [`${property}[${JSON.stringify(key)}]`, left[key], right[key]]);
}

function pick(from: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
    return Object.fromEntries(keys.flatMap((key) => (key in from ? [[key, from[key]!]] : [])));
}

async function differingFiles(host: Host, { Id }: Inspection, userData: UserData): Promise<string[]> {
    const differing: string[] = [];
    if (containsUnknown(userData)) return differing;
    for (const [path, file] of Object.entries(userData)) {
        const { content, mode = DEFAULT_MODE } = typeof file === "string" ? { content: file } : file;
        const found = await downloadFile(host, Id, path);
        const same = found?.content.toString() === content && found.mode === parseInt(mode, 8);
        if (!same) differing.push(`userData[${JSON.stringify(path)}]`);
    }
    return differing;
}
