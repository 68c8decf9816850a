import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { docker } from "./docker";

const WEB = path.join(__dirname, "../../../examples/quickstart/web");

const MOST_BUILDS = 5;

/** Images of a web server that answers with its version, or is never healthy. Each test has its own and removes them. */
export class Images {
    readonly #repository = `switchyard-test-${randomBytes(4).toString("hex")}`;
    readonly #base = `${this.#repository}:base`;
    readonly #built = [this.#base];

    constructor() {
        docker("build", "--quiet", "--tag", this.#base, WEB);
    }

    version(version: string): string {
        return this.#derive(version, `s/\\$hostname/${version}/`);
    }

    /** Knows no page but its first and its probe's. */
    strict(version: string): string {
        return this.#derive(version, `s/\\$hostname/${version}/;s/location \\/ /location = \\/ /`);
    }

    sick(): string {
        return this.#derive("sick", "/healthz/s/200/503/");
    }

    /** Answers with its version, once it has the file `/tmp/well`: as a container, or to a probe. */
    waiting(version: string, until: "ready" | "healthy"): string {
        const edit = `s/\\$hostname/${version}/`;
        if (until === "ready") return this.#derive(version, edit, "HEALTHCHECK --interval=1s CMD test -e /tmp/well\n");
        return this.#derive(version, `${edit};/healthz/s/return/if (!-f \\/tmp\\/well) { return 503; } return/`);
    }

    /** A name of the test's own for an image that the destroy of another test's stack may remove at any time. */
    async keep(image: string, build: () => Promise<unknown>): Promise<string> {
        const kept = `${this.#repository}:kept-${this.#built.length}`;
        for (let attempt = 1; ; attempt++) {
            await build();
            try {
                docker("tag", image, kept);
                this.#built.push(kept);
                return kept;
            } catch (error) {
                if (attempt === MOST_BUILDS) throw error;
            }
        }
    }

    remove(): void {
        docker("image", "rm", ...this.#built.reverse());
    }

    #derive(tag: string, edit: string, more = ""): string {
        const image = `${this.#repository}:${tag}`;
        const dockerfile = `FROM ${this.#base}\nRUN sed -i '${edit}' /etc/nginx/nginx.conf\n${more}`;
        execFileSync("docker", ["build", "--quiet", "--tag", image, "-"], {
            input: dockerfile,
            stdio: "pipe",
        });
        this.#built.push(image);
        return image;
    }
}
