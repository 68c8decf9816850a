// Runs main.ts as it is: esbuild, which builds the agents too, takes the types away from each file that is required.
const { transformSync } = require("esbuild");
const { readFileSync } = require("node:fs");

require.extensions[".ts"] = (module, file) => {
    const options = { loader: "ts", format: "cjs", target: "node22", sourcefile: file, sourcemap: "inline" };
    module._compile(transformSync(readFileSync(file, "utf8"), options).code, file);
};
process.setSourceMapsEnabled(true);
require("./main.ts");
