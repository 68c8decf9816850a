/** Ends a request that has been silent for too long. */
export class Deadline {
    readonly #controller = new AbortController();
    #timer: NodeJS.Timeout;

    constructor(private readonly milliseconds: number) {
        this.#timer = this.#start();
    }

    get signal(): AbortSignal {
        return this.#controller.signal;
    }

    extend(): void {
        clearTimeout(this.#timer);
        this.#timer = this.#start();
    }

    clear(): void {
        clearTimeout(this.#timer);
    }

    #start(): NodeJS.Timeout {
        return setTimeout(() => this.#controller.abort(), this.milliseconds);
    }
}
