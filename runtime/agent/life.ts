import fs from "node:fs/promises";
import type http from "node:http";
import path from "node:path";
import { listen, type Routes } from "./control-server";
import type { CommonSettings } from "./settings";

/** How an agent begins and ends. */

/** Runs `main`; an agent that cannot start says why in one line. */
export function run(main: () => Promise<void>): void {
    main().catch((error: unknown) => {
        console.error(`the agent cannot start: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
    });
}

/** Answers from now on and tells the supervisor that the agent is up. `close` is for the agent's end; what it drives serves on. */
export async function serveUntilLeft(
    { socket, readyMark, bundle }: CommonSettings,
    routes: Routes,
    close: () => Promise<void>,
): Promise<void> {
    const server: http.Server = await listen(socket, routes);
    await fs.writeFile(readyMark, bundle);
    const leave = async () => {
        server.close();
        server.closeAllConnections();
        await close();
        process.exit(0);
    };
    process.once("SIGTERM", () => void leave());
    process.once("SIGINT", () => void leave());
}

/** What the image's supervisor has to say about the agent before this one. */
export async function supervisorNote({ stateDirectory }: CommonSettings): Promise<string | undefined> {
    const note = await fs.readFile(path.join(stateDirectory, "agent", "note"), "utf8").catch(() => "");
    return note.trim() || undefined;
}
