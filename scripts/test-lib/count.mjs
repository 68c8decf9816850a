// Counts a layer's tests from vitest's JSON report: prints "passed failed skipped", and appends what failed, in words.
//   node count.mjs LAYER REPORT EXIT-CODE FAILURES-FILE
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const [layer, report, exitCode, failuresFile] = process.argv.slice(2);
const LONGEST_MESSAGE_LINES = 12;

const files = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
const withStatus = (...statuses) => tests.filter(({ status }) => statuses.includes(status));

const failures = [
    ...withStatus("failed").map((test) => ({ where: test.file, what: test.fullName, why: test.failureMessages[0] })),
    // A file that does not load has no tests to fail.
    ...files
        .filter((file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"))
        .map((file) => ({ where: file.name, what: "the file itself", why: file.message })),
];
if (failures.length === 0 && tests.length === 0) {
    failures.push({ what: "no test ran", why: "" });
} else if (failures.length === 0 && exitCode !== "0") {
    failures.push({
        what: `vitest ended with code ${exitCode} although no test failed; see its output above`,
        why: "",
    });
}

for (const { where, what, why } of failures) {
    const message = stripVTControlCharacters(why ?? "")
        .split("\n")
        .filter((line) => !line.includes("node_modules"))
        .slice(0, LONGEST_MESSAGE_LINES);
    const title = [layer, where && path.relative(process.cwd(), where), what].filter(Boolean).join(": ");
    appendFileSync(failuresFile, [title, ...message.map((line) => `    ${line}`)].join("\n").trimEnd() + "\n");
}
console.log(withStatus("passed").length, failures.length, withStatus("skipped", "pending", "todo", "disabled").length);
