const todo = new Set<() => void>();

/** What is to be undone whatever ends this process. Calling what this returns does it now, and only once. */
export function undoAtExit(undo: () => void): () => void {
    todo.add(undo);
    return () => {
        if (todo.delete(undo)) undo();
    };
}

process.on("exit", () => {
    for (const undo of [...todo].reverse()) {
        try {
            undo();
        } catch (error) {
            console.error((error as Error).message);
        }
    }
});

// Ctrl-C and the like end a process without `exit`, unless somebody listens.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
