/** Whether an endpoint of these settings is asked, as far as they are known: a policy's own endpoints are. */
export function mayBeProbed({ policy, alwaysServe }: { policy?: unknown; alwaysServe?: unknown }): boolean {
    return policy === undefined && alwaysServe !== true;
}

/** From a verdict to the answer that follows from it. */
const CHANGE_SECONDS = 0.1;

/** Seconds until no client is sent any more where a monitor found a failure, rounded up to tenths: it is a bound. */
export function secondsUntilDiverted(detection: number, ttlSeconds: number): number {
    return tenths(detection + CHANGE_SECONDS + ttlSeconds);
}

/** The detection in what `secondsUntilDiverted` says. */
export function detectionWithin(timeToDivert: number, ttlSeconds: number): number {
    return tenths(timeToDivert - CHANGE_SECONDS - ttlSeconds);
}

/** Without the noise of binary fractions, which would round up what is even. */
function tenths(seconds: number): number {
    return Math.ceil(seconds * 10 - 1e-6) / 10;
}
