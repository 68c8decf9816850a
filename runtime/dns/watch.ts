import type { ControlConnection } from "./control-socket";
import type { Daemon } from "./daemon";

const BETWEEN_LOOKS_MS = 1_000;
/** A stopped process keeps its connections open and says nothing. Twice, because the silence may have been our own. */
const LONGEST_SILENCE_MS = 2_000;
const SILENCES = 2;

/** Watches one daemon until it ends; one that does not answer any more is ended. */
export class Watch {
    private timer?: NodeJS.Timeout;
    private isEndExpected = false;
    private silences = 0;

    private constructor(
        private readonly daemon: Daemon,
        private readonly connection: ControlConnection,
    ) {}

    /** Throws when no daemon runs. */
    static async begin(daemon: Daemon, onEnd: () => void): Promise<Watch> {
        const connection = await daemon.connect();
        const watch = new Watch(daemon, connection);
        void connection.ended.then(() => {
            clearTimeout(watch.timer);
            if (!watch.isEndExpected) onEnd();
        });
        watch.lookLater();
        return watch;
    }

    /** Another takes over: that the daemon ends is no surprise any more, but that it is silent still is. */
    expectEnd(): void {
        this.isEndExpected = true;
    }

    close(): void {
        this.expectEnd();
        clearTimeout(this.timer);
        this.connection.close();
    }

    private lookLater(): void {
        this.timer = setTimeout(() => void this.look(), BETWEEN_LOOKS_MS).unref();
    }

    private async look(): Promise<void> {
        try {
            await this.connection.isAlive(LONGEST_SILENCE_MS);
            this.silences = 0;
        } catch {
            if (this.connection.isOpen && ++this.silences >= SILENCES) this.daemon.kill();
        }
        if (this.connection.isOpen) this.lookLater();
    }
}
