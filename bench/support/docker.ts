import { execFileSync } from "node:child_process";
import { docker, objectsOf, removeObjectsOf } from "../../test/stack/support/docker";

const ATTEMPTS = 20;

/**
 * Removes all that a project made. What runs is ended first: Docker 20.10 may count a container's endpoint for ever
 * where it removes many running ones at the same time, and then never frees their network. More than once: Docker frees
 * a network a moment after its last container, and a command that was killed may still have its way.
 */
export function clear(project: string): void {
    endAll(project);
    for (let attempt = 1; ; attempt++) {
        try {
            return removeObjectsOf(project);
        } catch (error) {
            if (attempt === ATTEMPTS) throw error;
            execFileSync("sleep", ["0.5"]);
        }
    }
}

function endAll(project: string): void {
    const { container } = objectsOf(project);
    try {
        if (container.length > 0) docker("kill", ...container);
    } catch {
        // Some had ended.
    }
}
