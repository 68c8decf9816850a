// Required by each Node process of a run (NODE_OPTIONS): writes where its time goes, now and then, because Pulumi ends
// providers without warning.
const { mkdirSync, writeFileSync } = require("node:fs");
const { Session } = require("node:inspector");
const path = require("node:path");

const WRITE_EVERY_MS = 1000;
const part = process.argv.some((argument) => argument.includes("dynamic-provider"))
    ? "provider"
    : process.argv.some((argument) => argument.includes("cmd/run"))
      ? "program"
      : undefined;

if (part !== undefined) {
    const folder = path.join(process.env.SWITCHYARD_BENCH_PROFILES, part);
    mkdirSync(folder, { recursive: true });
    const session = new Session();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.start");
    let count = 0;
    const write = () => {
        session.post("Profiler.stop", (error, result) => {
            if (!error)
                writeFileSync(path.join(folder, `${process.pid}-${count++}.json`), JSON.stringify(result.profile));
        });
        session.post("Profiler.start");
    };
    setInterval(write, WRITE_EVERY_MS).unref();
    process.on("exit", write);
}
