/** What comes of it in time; undefined when it fails or takes longer. */
export async function within<T>(milliseconds: number, action: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), milliseconds)));
    try {
        return await Promise.race([action.catch(() => undefined), late]);
    } finally {
        clearTimeout(timer);
    }
}
