import { defineConfig } from "vitest/config";

/** One project a layer, named after what it can prove; `scripts/test` runs them cheapest first. */
export default defineConfig({
    test: {
        projects: [
            // Properties are tried on hundreds of random inputs, which takes a busy machine a while.
            { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 30_000 } },
            {
                test: {
                    name: "provider",
                    include: ["test/provider/**/*.test.ts"],
                    globalSetup: "test/provider/support/build.ts",
                    testTimeout: 60_000,
                    hookTimeout: 120_000,
                },
            },
            {
                test: {
                    name: "runtime",
                    include: ["test/runtime/**/*.test.ts"],
                    testTimeout: 120_000,
                    hookTimeout: 120_000,
                    maxWorkers: 1,
                },
            },
            {
                test: {
                    name: "stack",
                    include: ["test/stack/**/*.test.ts"],
                    globalSetup: "test/stack/support/package.ts",
                    testTimeout: 600_000,
                    hookTimeout: 600_000,
                    maxWorkers: 2,
                },
            },
        ],
    },
});
