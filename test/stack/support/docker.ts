import { execFileSync } from "node:child_process";

export function docker(...args: string[]): string {
    return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

const KINDS = {
    container: ["ps", "--all", "--format", "{{.Names}}"],
    network: ["network", "ls", "--format", "{{.Name}}"],
    volume: ["volume", "ls", "--format", "{{.Name}}"],
} as const;

/** Names of the containers, networks and volumes that a project (and stack) made. */
export function objectsOf(project: string, stack?: string): Record<keyof typeof KINDS, string[]> {
    const filters = ["--filter", `label=io.switchyard.project=${project}`];
    if (stack) filters.push("--filter", `label=io.switchyard.stack=${stack}`);
    const list = (kind: keyof typeof KINDS) =>
        docker(...KINDS[kind], ...filters)
            .split("\n")
            .filter(Boolean)
            .sort();
    return { container: list("container"), network: list("network"), volume: list("volume") };
}

/** The images that a project's gateways and DNS servers were made of. */
export function runtimeImagesOf(project: string): string[] {
    const { container } = objectsOf(project);
    const used = container.length > 0 ? docker("inspect", "--format", "{{.Config.Image}}", ...container) : "";
    return [...new Set(used.split("\n"))].filter((image) => /^switchyard-(dns-)?runtime:/.test(image));
}

export function removeObjectsOf(project: string): void {
    const { container, network, volume } = objectsOf(project);
    if (container.length > 0) docker("rm", "--force", "--volumes", ...container);
    if (network.length > 0) docker("network", "rm", ...network);
    if (volume.length > 0) docker("volume", "rm", ...volume);
}
