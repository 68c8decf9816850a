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
        this.addAll([{ kind, message }]);
    }

    /** What happened at the same time: thousands of endpoints may change with one apply. */
    addAll(events: readonly Omit<LoggedEvent, "at">[]): void {
        if (events.length === 0) return;
        const at = Date.now();
        this.kept = [...this.kept, ...events.slice(-MOST_KEPT).map((event) => ({ at, ...event }))].slice(-MOST_KEPT);
        const time = new Date(at).toISOString();
        this.print(events.map(({ kind, message }) => `${time} ${kind}: ${message}`).join("\n"));
        this.onAdd();
    }

    list(): readonly LoggedEvent[] {
        return this.kept;
    }
}
