import type { LoggedEvent } from "../../model/control";

/** Enough for an engineer to see what led to the present state. */
const MOST_KEPT = 200;

/** The last things that happened, for the status; each is also printed, for the container's log. */
export class EventLog {
    private kept: LoggedEvent[];

    constructor(
        earlier: readonly LoggedEvent[],
        private readonly onAdd: () => void = () => {},
        private readonly print: (line: string) => void = console.log,
    ) {
        this.kept = [...earlier].slice(-MOST_KEPT);
    }

    add(kind: string, message: string): void {
        const event = { at: Date.now(), kind, message };
        this.kept = [...this.kept.slice(1 - MOST_KEPT), event];
        this.print(`${new Date(event.at).toISOString()} ${kind}: ${message}`);
        this.onAdd();
    }

    list(): readonly LoggedEvent[] {
        return this.kept;
    }
}
