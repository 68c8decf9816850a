import { execFileSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./engine";

const PORT = 2222;
const STARTS_WITHIN_MS = 20_000;

/** The ssh server of a test's engine: who logs in finds that engine with the docker command. Goes with the engine. */
export class Sshd {
    #log = "";
    private constructor(
        private readonly engine: Engine,
        private readonly child: ChildProcess,
    ) {
        child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
    }

    static async start(engine: Engine): Promise<Sshd> {
        for (const name of ["hostKey", "userKey", "strangerKey", "otherHostKey"])
            execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", engine.file(name)]);
        const public_ = (name: string) => readFileSync(engine.file(`${name}.pub`), "utf8");
        const known = `[${engine.address}]:${PORT}`;
        writeFileSync(engine.file("authorizedKeys"), public_("userKey"));
        writeFileSync(engine.file("knownHosts"), `${known} ${public_("hostKey")}`);
        writeFileSync(engine.file("wrongHosts"), `${known} ${public_("otherHostKey")}`);
        writeFileSync(
            engine.file("sshd_config"),
            [
                `Port ${PORT}`,
                `HostKey ${engine.file("hostKey")}`,
                `AuthorizedKeysFile ${engine.file("authorizedKeys")}`,
                // It would mistrust keys below /tmp, where everybody may write.
                "StrictModes no",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PermitRootLogin prohibit-password",
                "UsePAM no",
                "PidFile none",
                `SetEnv DOCKER_HOST=${engine.host}`,
                "",
            ].join("\n"),
        );
        // Where Debian's sshd gives up its rights; made by its service, which tests do not start.
        mkdirSync("/run/sshd", { recursive: true });
        const sshd = execFileSync("sh", ["-c", "PATH=$PATH:/usr/sbin command -v sshd"], { encoding: "utf8" }).trim();
        const server = new Sshd(engine, engine.spawn(sshd, "-D", "-e", "-f", engine.file("sshd_config")));
        await server.#listens();
        return server;
    }

    get host(): string {
        return `ssh://root@${this.engine.address}:${PORT}`;
    }

    /** Of `docker.sshOpts`. */
    options({ key = "userKey", knownHosts = "knownHosts" } = {}): string[] {
        return [
            ...["-F", "none", "-i", this.engine.file(key), "-o", "IdentitiesOnly=yes"],
            ...["-o", `UserKnownHostsFile=${this.engine.file(knownHosts)}`],
        ];
    }

    /** How many have logged in. */
    get logins(): number {
        return this.#log.split("Accepted publickey").length - 1;
    }

    async stop(): Promise<void> {
        const ended = once(this.child, "exit");
        if (this.child.kill()) await ended;
    }

    async #listens(): Promise<void> {
        const deadline = Date.now() + STARTS_WITHIN_MS;
        while (!(await this.#answers())) {
            if (Date.now() > deadline || this.child.exitCode !== null) throw new Error(`sshd: ${this.#log}`);
            await pause(50);
        }
    }

    #answers(): Promise<boolean> {
        return new Promise((resolve) => {
            const socket = connect(PORT, this.engine.address);
            socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
            socket.on("close", () => socket.destroy()).on("connect", () => socket.end());
        });
    }
}
