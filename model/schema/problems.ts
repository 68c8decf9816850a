import type { z } from "zod";
import { UNKNOWN } from "./unknown";
import { unknownProperties, type UnknownProperty } from "./unknownProperties";

type Issue = z.core.$ZodIssue;
type Path = PropertyKey[];

/**
 * What is wrong with an input, one sentence a problem: where, what is allowed, what was given
 * (`probe.path: must start with "/" (got "healthz")`).
 *
 * Values at a path in `secret` (`loadBalancedSets.*.probe.clientKey`), above and below are never repeated: Pulumi hands
 * secrets to a provider in plain.
 */
export function describeProblems(error: z.ZodError, input: unknown, secret: readonly string[] = []): string[] {
    const found = error.issues.flatMap((issue) => flatten(issue, []));
    const misspelt = new Set<string>();
    const lines = found.flatMap(({ issue, path }): { path: Path; text: string }[] => {
        if (issue.code === "unrecognized_keys")
            return unknownAt(valueAt(input, path), issue).map(({ meant, sentence }) => {
                if (meant !== undefined) misspelt.add(formatPath([...path, meant]));
                return { path, text: sentence };
            });
        const isTold = path.length > 0 && !secret.some((pattern) => meets(pattern, path));
        return [{ path, text: sentence(issue) + (isTold ? formatGiven(valueAt(input, path)) : "") }];
    });
    return lines
        .map(({ path, text }) => ({ where: formatPath(path), text }))
        .filter(({ where, text }) => text !== MISSING || !misspelt.has(where))
        .map(({ where, text }) => (where ? `${where}: ${text}` : text));
}

const MISSING = "is required";

function unknownAt(value: unknown, issue: Extract<Issue, { code: "unrecognized_keys" }>): UnknownProperty[] {
    const allowed = issue.message.split(",");
    const given = typeof value === "object" && value !== null ? value : {};
    return unknownProperties(given, allowed);
}

/** Whether the value at `path` is, holds or is part of one at the pattern `policies.*.monitor.headers`. */
export function meets(pattern: string, path: Path): boolean {
    const steps = pattern.split(".");
    return path.every((key, index) => index >= steps.length || steps[index] === "*" || steps[index] === key);
}

/** `loadBalancedSets["my set"].members[0]` */
export function formatPath(path: readonly PropertyKey[]): string {
    return path.reduce<string>((text, key) => {
        if (typeof key === "number") return `${text}[${key}]`;
        const name = String(key);
        if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
        return text ? `${text}.${name}` : name;
    }, "");
}

/** Every field is a union of "not known yet" and its own schema: only what the latter says is of interest. */
function flatten(issue: Issue, above: Path): { issue: Issue; path: Path }[] {
    const path = [...above, ...issue.path];
    // The path tells the key; of interest is what is wrong with it.
    if (issue.code === "invalid_key") return issue.issues.map((inner) => ({ issue: inner, path }));
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ issue, path }];
    const meant = issue.errors.filter((branch) => !branch.some(isUnknownLiteral));
    const branches = meant.length > 0 ? meant : issue.errors;
    if (branches.length > 1) return [{ issue, path }];
    return branches.flat().flatMap((inner) => flatten(inner, path));
}

function isUnknownLiteral(issue: Issue): boolean {
    return issue.code === "invalid_value" && issue.values.length === 1 && issue.values[0] === UNKNOWN;
}

function sentence(issue: Issue): string {
    switch (issue.code) {
        case "invalid_type":
            if (issue.input === undefined && /received undefined$/.test(issue.message)) return MISSING;
            return `must be ${withArticle(issue.expected)}`;
        case "invalid_value":
            return `must be ${oneOf(issue.values)}`;
        case "invalid_union":
            if ("options" in issue && Array.isArray(issue.options))
                return `must be ${oneOf(issue.options.filter((option) => option !== UNKNOWN))}`;
            return alternatives(issue.errors) ?? issue.message;
        default:
            return issue.message;
    }
}

/** Of values that may have several types, when the one given has none of them: `must be a string or a number`. */
function alternatives(branches: readonly Issue[][]): string | undefined {
    const types = branches.flat().map((issue) => issue.code === "invalid_type" && withArticle(issue.expected));
    return types.every(Boolean) ? `must be ${types.join(" or ")}` : undefined;
}

const NUMBER_LIKE = new Set(["int", "number"]);

function withArticle(expected: string): string {
    if (expected === "int") return "a whole number";
    if (expected === "record" || expected === "object") return "a map of properties";
    if (expected === "array") return "a list";
    if (NUMBER_LIKE.has(expected)) return "a number";
    return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function oneOf(values: readonly unknown[]): string {
    const texts = values.map((value) => JSON.stringify(value));
    return texts.length === 1 ? texts[0]! : `one of ${texts.join(", ")}`;
}

function valueAt(input: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (value, key) =>
            typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
        input,
    );
}

const LONGEST_SHOWN = 120;

function formatGiven(value: unknown): string {
    if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value))) return "";
    // JSON has no word for NaN and the infinities.
    const text = typeof value === "number" ? String(value) : JSON.stringify(value);
    return text.length > LONGEST_SHOWN ? ` (got ${text.slice(0, LONGEST_SHOWN)}…)` : ` (got ${text})`;
}
