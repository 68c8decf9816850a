/** So many probes may begin at once: ten thousand new endpoints must not be ten thousand connections in one moment. */
const MOST_AT_ONCE = 256;
/** Whoever does not answer for so long does not keep others waiting. */
const LONGEST_HELD_MS = 1_000;

/** Lets tasks begin a few at a time, in the order in which they came. */
export class Gate {
    private held = 0;
    private readonly waiting: (() => void)[] = [];

    constructor(private readonly atOnce = MOST_AT_ONCE) {}

    async run<T>(task: () => Promise<T>): Promise<T> {
        if (this.held < this.atOnce) this.held++;
        else await new Promise<void>((resolve) => this.waiting.push(resolve));
        let timer: NodeJS.Timeout | undefined;
        const release = () => {
            if (timer === undefined) return;
            clearTimeout(timer);
            timer = undefined;
            const next = this.waiting.shift();
            // The place goes to the next as it is.
            if (next) next();
            else this.held--;
        };
        timer = setTimeout(release, LONGEST_HELD_MS);
        try {
            return await task();
        } finally {
            release();
        }
    }
}
