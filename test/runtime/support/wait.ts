export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until it is so; after a ceiling that no working system reaches, fails with what was waited for. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
    const deadline = Date.now() + seconds * 1_000;
    while (!(await isSo())) {
        if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
        await pause(20);
    }
}
