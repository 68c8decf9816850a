import { execFileSync } from "node:child_process";
import { removeObjectsOf } from "../../test/stack/support/docker";

const ATTEMPTS = 20;

/**
 * Removes all that a project made. More than once: Docker frees a network a moment after its last container, and a
 * command that was killed may still have its way.
 */
export function clear(project: string): void {
    for (let attempt = 1; ; attempt++) {
        try {
            return removeObjectsOf(project);
        } catch (error) {
            if (attempt === ATTEMPTS) throw error;
            execFileSync("sleep", ["0.5"]);
        }
    }
}
