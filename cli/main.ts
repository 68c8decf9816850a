#!/usr/bin/env node
import { run } from "./program";

// Whoever reads the output may have read enough: `| head`.
process.stdout.on("error", () => process.exit());

void run(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
}).then((code) => {
    // Connections to Docker, ssh's above all, are kept for more questions: none come. What was written comes first.
    process.stdout.write("", () => process.exit(code));
});
