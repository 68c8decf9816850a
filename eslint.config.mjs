import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { arrows } from "./scripts/lint/arrows.mjs";

export default defineConfig(
    globalIgnores(["dist", "**/node_modules", "**/temp", ".pulumi-state"]),
    // Their types are in a package that is not here (scripts/pulumi-docker).
    globalIgnores(["examples/with-pulumi-docker", "test/stack/programs/pulumi-docker-types"]),
    eslint.configs.recommended,
    {
        files: ["**/*.{ts,mts}"],
        extends: [tseslint.configs.recommendedTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/consistent-type-imports": [
                "error",
                { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
            ],
            // A name that starts with _ is there to be left out: const { secret: _, ...rest } = …
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
            // Functions that must be asynchronous to fit an interface need not wait for anything.
            "@typescript-eslint/require-await": "off",
            // Resources are objects of functions, none of which uses `this`.
            "@typescript-eslint/unbound-method": "off",
            // An error is one message for a person; what caused it is in that message or is noise.
            "preserve-caught-error": "off",
            eqeqeq: ["error", "always"],
        },
    },
    {
        files: ["{sdk,provider,model,cli,testing,runtime}/**/*.{ts,mts}"],
        plugins: { house: { rules: { arrows } } },
        rules: { "house/arrows": "error" },
    },
    {
        // What tests read (state files, status, gRPC replies) has the shape that they assert.
        files: ["test/**/*.{ts,mts}"],
        rules: Object.fromEntries(
            [
                "no-explicit-any",
                "no-unsafe-argument",
                "no-unsafe-assignment",
                "no-unsafe-call",
                "no-unsafe-member-access",
                "no-unsafe-return",
            ].map((rule) => [`@typescript-eslint/${rule}`, "off"]),
        ),
    },
    {
        files: ["**/*.{js,mjs,cjs}"],
        languageOptions: {
            globals: Object.fromEntries(
                ["console", "performance", "process", "require", "module", "exports", "setInterval"].map((name) => [
                    name,
                    "readonly",
                ]),
            ),
        },
    },
);
