/** What dockerode throws when Docker says no. */
interface Refusal {
    readonly statusCode: number;
    readonly json?: { readonly message?: string } | null;
    readonly message: string;
}

function isRefusal(error: unknown): error is Refusal {
    return error instanceof Error && typeof (error as Partial<Refusal>).statusCode === "number";
}

/** The HTTP status of Docker's refusal. */
export function statusOf(error: unknown): number | undefined {
    return isRefusal(error) ? error.statusCode : undefined;
}

export function isGone(error: unknown): boolean {
    return statusOf(error) === 404;
}

export function isNoAnswer(error: unknown): boolean {
    return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}

/** Why it failed, in Docker's or the system's own words. */
export function reasonOf(error: unknown): string {
    if (isRefusal(error)) {
        // dockerode leaves the body of a streamed answer in the message only.
        const text = error.json?.message ?? error.message.replace(/^\(HTTP code \d+\)[^-]*- /, "");
        return text.trim();
    }
    if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
    return error instanceof Error ? error.message || error.name : String(error);
}

/** The one sentence that a user sees. */
export function describeFailure(error: unknown): string {
    const reason = reasonOf(error);
    const advice = adviceFor(reason);
    if (isRefusal(error)) return `Docker refused: ${reason}${advice}`;
    return isConnectionFailure(error) ? `lost the connection to Docker: ${reason}` : `${reason}${advice}`;
}

function adviceFor(reason: string): string {
    // Networks are the program's own; the name is there, or the id that a container remembers.
    if (/network \S+ not found$/i.test(reason)) return "; run pulumi up --refresh to make it again";
    // Docker's own words, a build's, or an agent's that cannot keep its configuration.
    if (/no space left on device/i.test(reason)) return "; make room on the Docker host and run pulumi up again";
    return "";
}

function isConnectionFailure(error: unknown): boolean {
    return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** Lets `action` find its object gone already. */
export async function unlessGone<T>(action: Promise<T>): Promise<T | undefined> {
    try {
        return await action;
    } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
    }
}
