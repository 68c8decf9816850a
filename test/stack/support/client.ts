import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { docker } from "./docker";

const FOLDER = path.join(__dirname, "../../../examples/traffic-manager/client");
const run = promisify(execFile);

export interface DnsRecord {
    readonly name: string;
    readonly ttl: number;
    readonly type: string;
    readonly data: string;
}

/** The example's client: a container with a resolver of its own, which follows a delegation to the name servers. */
export class DnsClient {
    readonly #name: string;
    readonly #image: string;

    /** @param project that removes it, whatever becomes of the test */
    constructor(readonly project: string) {
        this.#name = `${project}-client`;
        this.#image = `${project}:client`;
    }

    async build(): Promise<void> {
        await run("docker", ["build", "--quiet", "--tag", this.#image, FOLDER]);
    }

    /** @param network the public network of the name servers and services */
    start(network: string, zones: { delegation: string; cname: string }): void {
        const identity = ["--name", this.#name, "--label", `io.switchyard.project=${this.project}`];
        const environment = ["--env", `DELEGATION=${zones.delegation}`, "--env", `CNAME=${zones.cname}`];
        docker("run", "--detach", ...identity, "--network", network, ...environment, this.#image);
    }

    async run(...command: string[]): Promise<string> {
        return (await run("docker", ["exec", this.#name, ...command])).stdout.trim();
    }

    /** What its resolver answers. */
    async resolve(name: string): Promise<{ code: string; records: DnsRecord[] }> {
        const text = await this.run("dig", "+noall", "+comments", "+answer", name);
        const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
        const records = lines.map((line) => {
            const [name = "", ttl, , type = "", ...data] = line.split(/\s+/);
            return { name, ttl: Number(ttl), type, data: data.join(" ") };
        });
        return { code: /status: (\w+)/.exec(text)![1]!, records };
    }

    /** Before the network is removed, in which it is. */
    stop(): void {
        docker("rm", "--force", this.#name);
    }

    removeImage(): void {
        if (docker("image", "ls", "--quiet", this.#image)) docker("image", "rm", this.#image);
    }
}
