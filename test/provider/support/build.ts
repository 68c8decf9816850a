import { execFileSync } from "node:child_process";
import path from "node:path";

/** The provider process loads the package as users do: from dist/. */
export default function build(): void {
    const root = path.join(__dirname, "../../..");
    execFileSync(process.execPath, [path.join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
}
