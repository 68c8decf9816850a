const KEPT_FRAMES = 1;

/**
 * While it is in force, errors remember one frame. For each property of a resource Pulumi's SDK makes four promises, and
 * notes for each, read through the program's source maps, the stack that made it: some 25 ms a machine, of a preview as
 * well. The notes are seen with `PULUMI_DEBUG_PROMISE_LEAKS` only; the position that Pulumi shows for a resource is
 * another one, which it takes with a limit of its own.
 *
 * @returns what puts the limit back, to be called in a `finally`
 */
export function withoutPromiseStacks(): () => void {
    const before = Error.stackTraceLimit;
    if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) Error.stackTraceLimit = Math.min(before, KEPT_FRAMES);
    return () => void (Error.stackTraceLimit = before);
}
