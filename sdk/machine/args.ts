import type * as pulumi from "@pulumi/pulumi";
import type { CloudService } from "../cloudService";
import type { BuiltImage, ExistingVolume, PulledImage } from "../existing";
import type { GalleryImage } from "../gallery/galleryImage";
import type { DeviceArgs, DiskArgs, HealthCheckArgs, LogArgs, UserFileArgs } from "./parts";
import type { VirtualMachineSizeArgs, VirtualMachineSizeName } from "./sizes";

/** What a `VirtualMachine` runs, and where. */
export interface VirtualMachineArgs {
    /** The cloud service in which the machine is. A change replaces the machine. */
    cloudService: CloudService;

    /**
     * The image that the machine runs: a reference, a `GalleryImage`, or a `docker.Image` or `docker.RemoteImage` of
     * `@pulumi/docker`. A text that is no reference, as `Web:latest` or `my web`, is refused in the preview.
     *
     * The Docker host pulls it when it does not have it (see `pullPolicy`), as whom `docker.registryAuth` of the cloud
     * service or `docker login` says. A change replaces the machine: the new one is made beside the
     * old one, and a load balancer moves connections over once the new one is healthy.
     *
     * @example "nginx:1.29"
     */
    image: pulumi.Input<string> | GalleryImage | BuiltImage | PulledImage;

    /**
     * When the image is pulled:
     *
     * - `"missing"`: when the Docker host has none of its name, so a machine runs what was newest when its host first
     *   pulled the name.
     * - `"always"`: every preview and update asks the registry what it has under the name now, and pulls nothing for
     *   that. A newer image shows as a change of `imageDigest`, which replaces the machine; the machine runs the image
     *   of that digest, whatever becomes of the name meanwhile. Where the registry does not answer, a machine that is
     *   there stays as it is, and a line says so; a new one is refused. References with a digest, ids of images and
     *   the gallery's images are as they are.
     * - `"never"`: what the Docker host does not have is an error.
     *
     * A change takes effect in place, but one to `"always"` replaces the machine.
     *
     * @default "missing"
     */
    pullPolicy?: pulumi.Input<"always" | "missing" | "never">;

    /**
     * Which of an image's builds the machine runs: operating system and architecture, as Docker writes them, and a
     * variant where that matters. The Docker host must be able to run it (another architecture than its own needs
     * QEMU's binfmt handlers there). A change replaces the machine.
     *
     * @default the host's own, or what the host has under the image's name
     * @example "linux/arm64"
     */
    platform?: pulumi.Input<string>;

    /**
     * The command that the machine runs, as a list of arguments. A change replaces the machine.
     *
     * Secrets belong into `environment` or `userData`: all processes of the machine see each other's arguments.
     *
     * @default the image's own
     * @example ["node", "server.js"]
     */
    command?: pulumi.Input<pulumi.Input<string>[]>;

    /**
     * Environment variables. Secrets stay secret in state and in previews. A change replaces the machine.
     *
     * @default none beside the image's own
     * @example { LOG_LEVEL: "info", API_KEY: config.requireSecret("apiKey") }
     */
    environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * Files that the machine finds when it starts for the first time: contents by absolute path, as texts or with the
     * mode of the file. They belong to root; folders that are missing are made. Secrets stay secret in state, previews
     * and errors.
     *
     * Files travel through Pulumi's state, so larger ones belong into the image or onto a disk. A path on a disk is
     * written there, unless that is `readOnly`. None can be in `/dev`, `/proc` or `/sys`. A change replaces the machine.
     *
     * @default none
     * @example { "/etc/app/config.json": JSON.stringify(settings), "/etc/app/key.pem": { content: config.requireSecret("key"), mode: "0600" } }
     */
    userData?: pulumi.Input<Record<string, pulumi.Input<string | UserFileArgs>>>;

    /**
     * Volumes of the Docker host, by the absolute path at which the machine finds them: a volume's name, a
     * `docker.Volume` of `@pulumi/docker`, or either with `readOnly`.
     *
     * A volume that is not there is made when the machine is. Disks outlive their machines: Switchyard never removes
     * one, not even when the stack is destroyed (`docker volume rm` does, and a `docker.Volume` goes with its own
     * resource). Several machines may use one disk at a time, also the old and the new one during a replacement: for
     * programs that cannot, see `replaceMode`. A change replaces the machine.
     *
     * @default none
     * @example { "/var/lib/postgresql": "contoso-db", "/srv/shared": { volume: shared, readOnly: true } }
     */
    disks?: Record<string, pulumi.Input<string> | ExistingVolume | DiskArgs>;

    /**
     * Devices of the Docker host that the machine may use, by their paths in the machine: the path on the host, or that
     * with permissions. A change replaces the machine.
     *
     * @default none
     * @example { "/dev/net/tun": "/dev/net/tun" }
     */
    devices?: pulumi.Input<Record<string, pulumi.Input<string | DeviceArgs>>>;

    /**
     * What the machine's root may do beside what Docker grants every container: capabilities of Linux by name, one by
     * one (capabilities(7)). A change replaces the machine.
     *
     * @default none
     * @example ["NET_ADMIN"]
     */
    capabilities?: pulumi.Input<pulumi.Input<string>[]>;

    /**
     * What the machine calls itself, at most 64 characters; the other machines of the cloud service reach it by this
     * name too. A change replaces the machine.
     *
     * @default the machine's name in the program
     * @example "db.contoso.example"
     */
    hostname?: pulumi.Input<string>;

    /**
     * A fixed address on the private network: one of the cloud service's address space, but not its first or its last
     * two host addresses (the gateway's, the internal virtual IP and Docker's own).
     *
     * Docker keeps it for the machine only while that runs, and gives machines without one the lowest addresses that
     * are free: choose from the upper end. A machine that keeps its address through a replacement is deleted before the
     * new one is made (see `replaceMode`). A change replaces the machine.
     *
     * @default any that is free; a restart may change it
     * @example "10.80.1.200"
     */
    privateAddress?: pulumi.Input<string>;

    /**
     * How much of the Docker host the machine may use: the name of one of the {@link sizes}, or limits of your own. A
     * change takes effect in place, without a restart; limits that somebody changed by hand show as a changed size.
     *
     * A named size means no more processors than the host has, so that a program runs on smaller hosts too.
     *
     * @default no limit
     * @example "Small"
     * @example { cpus: 0.5, memory: "512MiB" }
     */
    size?: pulumi.Input<VirtualMachineSizeName | VirtualMachineSizeArgs>;

    /**
     * The check by which Docker tells whether the machine is well, instead of the image's; `"none"` for no check at
     * all. A new machine is ready, and its old one replaced, once it passes. It does not decide who receives
     * connections: the probe of a load-balanced set does. A change replaces the machine.
     *
     * @default the image's own
     * @example { command: ["pg_isready"], intervalSeconds: 5 }
     */
    healthCheck?: pulumi.Input<"none" | HealthCheckArgs>;

    /**
     * How much Docker keeps of what the machine writes to its standard output and error. `"host"` leaves that to the
     * Docker host's own configuration (`log-opts` of its `daemon.json`). A change replaces the machine.
     *
     * Limits need a Docker host whose logging driver is `json-file` or `local`.
     *
     * @default { maxSize: "10MiB", maxFiles: 3 } on a host whose logging driver is Docker's default, json-file, which would
     * otherwise fill the disk; "host" on any other
     * @example { maxSize: "100MiB", maxFiles: 10 }
     */
    logs?: pulumi.Input<"host" | LogArgs>;

    /**
     * When Docker starts the machine again: `"unless-stopped"` whenever it ends and when the host or Docker itself
     * restarts, unless `state` is `"stopped"`; `"always"` then too; `"on-failure"` when it ends with an error; `"no"`
     * never. A change takes effect in place.
     *
     * In Docker, a running machine with `"unless-stopped"` has `always`: after a crash of dockerd, the next one takes
     * containers that it ends itself for stopped on purpose.
     *
     * @default "unless-stopped"
     */
    restart?: pulumi.Input<"unless-stopped" | "always" | "on-failure" | "no">;

    /**
     * The signal that asks the machine to end, by name. A change replaces the machine.
     *
     * @default the image's own, or "SIGTERM"
     * @example "SIGQUIT"
     */
    stopSignal?: pulumi.Input<string>;

    /**
     * Seconds, 0 to 3600, that the machine has to end after it was asked to; then it is killed. A change takes effect
     * in place for whatever stops the machine through Pulumi; a `docker stop` by hand goes by what it was made with.
     *
     * @default 10
     */
    stopGraceSeconds?: pulumi.Input<number>;

    /**
     * Whether the machine is to run. A machine that is to stop first leaves its load-balanced sets. A change takes
     * effect in place, and a machine that was stopped by hand is started again by the next `pulumi up --refresh`.
     *
     * @default "running"
     */
    state?: pulumi.Input<"running" | "stopped">;

    /**
     * Labels of the container, beside Switchyard's own (`io.switchyard.*`). A change replaces the machine.
     *
     * @default none
     * @example { team: "storefront" }
     */
    labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;

    /**
     * Seconds, 1 to 3600, that the machine may take until it runs, and until it is healthy where its image has a `HEALTHCHECK`:
     * after them the update fails with the machine's last log lines. A change takes effect in place.
     *
     * @default 60
     */
    readySeconds?: pulumi.Input<number>;

    /**
     * What comes first when a change replaces the machine:
     *
     * - `"createFirst"`: the new one is made beside the old one, takes over once it is healthy, and only then the old one
     *   goes. Nobody notices, and if the new one never becomes healthy the old one serves on.
     * - `"deleteFirst"`: the old one leaves its load-balanced sets, ends and goes before the new one is made, under the
     *   same name. Its sets serve from the others meanwhile, and from it again once their probes like it; connections
     *   that it holds end with it. For what cannot be there twice: a disk that one program at a time may write, a
     *   device, a `privateAddress`; and for a Docker host without the memory for two of each. Machines of one set that
     *   change in one update go one after the other, each once the one before is healthy again (see `maxUnavailable`).
     *   The new image is pulled before the old machine goes. A machine whose inputs hold an output of this one (its
     *   `address`) is replaced with it: name this one by its name there instead.
     *
     * A change takes effect with the next replacement, or with the one that it is made together with.
     *
     * @default "createFirst", or "deleteFirst" where the machine keeps its `privateAddress`
     */
    replaceMode?: pulumi.Input<"createFirst" | "deleteFirst">;

    /**
     * Of each load-balanced set in which the machine is, how many machines may be away (replaced, stopped or unhealthy), 1
     * to 1000, while machines go first that are replaced (`replaceMode` `"deleteFirst"`, or a `privateAddress` that
     * stays). The machine waits for its turn; one that is away already need not, nor one of weight 0.
     *
     * After its replacement the machine must become healthy again in its sets within `readySeconds`, as the load balancer
     * asks until now; else the update fails, and those that wait stay as they are. So change what a set asks (port,
     * probe) in an update of its own, or let all go at once: a set of no more machines than this is not waited for, and
     * does without service meanwhile. A change takes effect in place, and already for replacements of the same update.
     *
     * @default 1
     * @example 2
     */
    maxUnavailable?: pulumi.Input<number>;

    /**
     * Name of a container of the Docker host that is to be this machine, instead of a new one: what `import` is for
     * other resources. It goes on running. Only its place changes: it gets the machine's name, joins the private network
     * and leaves every other, so from then on the outside reaches it through endpoints alone.
     *
     * It must be what the program declares. The preview refuses one that differs in anything that only another
     * container could have otherwise (`image`, `command`, `environment`, `userData`, `disks`, `devices`, `capabilities`,
     * `healthCheck`, `stopSignal`, `labels`; `hostname` and `logs` where they are given), names these properties, and
     * refuses what no machine has (published ports, folders of the host, `--privileged` …). `size`, `restart`, `state`
     * and `privateAddress` are set as declared. Nothing may be another stack's, and no `fromContainer`'s.
     *
     * It is read when the machine is created, and may be left out afterwards: neither shows as a change. From then on
     * the machine is like any other: it is replaced by changes that need that, and removed with the stack (unless
     * `retainOnDelete`). A container of the machine's own that Pulumi has forgotten (`pulumi state delete`, a lost state)
     * is taken back without it, by the next `pulumi up`, if it is still what is declared.
     *
     * @default none: a container is made
     * @example "legacy-web"
     */
    adopt?: pulumi.Input<string>;
}
