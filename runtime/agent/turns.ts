/** Does one piece of work after another, whatever becomes of each. */
export class Turns {
    private last: Promise<unknown> = Promise.resolve();

    take<T>(work: () => Promise<T>): Promise<T> {
        const result = this.last.then(work);
        this.last = result.catch(() => {});
        return result;
    }

    /** When all that waits by now is done. */
    async done(): Promise<void> {
        await this.last;
    }
}
