import * as pulumi from "@pulumi/pulumi";
import type { DockerArgs, DockerProvider } from "../docker";
import { isEventual } from "./problems";

/**
 * What several statements of a program use without any of them declaring it: made with the first that needs it, and the
 * same whichever that is.
 */
export function sharedByDeployment<T>(kind: string, name: string, make: () => T): T {
    const made = resourcesOfDeployment<T>(kind);
    return (made[name] ??= make());
}

/**
 * The part of a shared resource's name that tells Docker hosts apart: the plain context or host, or the name that a
 * `docker.Provider` has in the program, because its host may be known to Pulumi only.
 */
export function hostOf(docker: DockerArgs | DockerProvider | undefined): string {
    if (pulumi.Resource.isInstance(docker)) return `-${(docker as { __name?: string }).__name}`;
    const written = writtenIn(docker) as string | undefined;
    return written === undefined ? "" : `-${written}`;
}

/** Whether the Docker host is known only while the program runs. */
export function hostIsEventual(docker: DockerArgs | DockerProvider | undefined): boolean {
    return !pulumi.Resource.isInstance(docker) && isEventual(writtenIn(docker));
}

function writtenIn(docker: DockerArgs | DockerProvider | undefined): DockerArgs["host"] {
    const { context, host } = (docker ?? {}) as DockerArgs;
    return context ?? host;
}

/**
 * One process can run many deployments (inline programs of the Automation API, tests), one after another or side by
 * side. What is new with each of them is the root resource, and in tests with mocks the monitor.
 */
function resourcesOfDeployment<T>(kind: string): Record<string, T> {
    const deployment = pulumi.runtime.getStackResource() ?? pulumi.runtime.getMonitor();
    if (!deployment) throw new Error("a resource can only be made while Pulumi runs a program");
    // All copies of the package know the symbol, or two of them would make the resource twice.
    const key = Symbol.for(`pulumi-switchyard/${kind}`);
    const holder = deployment as { [key]?: Record<string, T> };
    if (!Object.hasOwn(holder, key)) Object.defineProperty(holder, key, { value: {} });
    return holder[key]!;
}
