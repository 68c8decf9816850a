/** An agent that answers as `handler` says, at the place where a runtime has one: a script for node. */
export const fakeAgent = (handler: string): string => `
    const fs = require("node:fs");
    fs.mkdirSync("/run/switchyard", { recursive: true });
    fs.rmSync("/run/switchyard/agent.sock", { force: true });
    require("node:http").createServer({ keepAliveTimeout: 60000 }, (request, response) => {
        let body = "";
        request.on("data", (text) => (body += text));
        request.on("end", () => { const send = (value) => response.write(JSON.stringify(value) + "\\n"); ${handler} });
    }).listen("/run/switchyard/agent.sock");
    process.on("SIGTERM", () => process.exit(0));`;
