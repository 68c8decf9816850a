import { engine } from "./pulumiEngine";

/** As gRPC counts its states. */
const [READY, FAILED] = [2, 3];

/**
 * Ends this process when the engine that started it is gone. Pulumi itself leaves it behind, for ever, when the CLI is
 * killed: what it was at would then go on, and could be put into service beside or after what a later run does. Nobody
 * would hear how it ended; the next run finds out, as after any interruption.
 */
export function endWithEngine(): void {
    const channel = engine()?.channel;
    if (!channel) return;
    let met = false;
    const look = () => {
        const state = channel.getConnectivityState(true);
        met ||= state === READY;
        // A connection that rests is made anew; refused, there is nobody any more.
        if (met && state === FAILED) process.exit(1);
        channel.watchConnectivityState(state, Infinity, look);
    };
    look();
}
