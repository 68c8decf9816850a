// Records what this release leaves in a state: test/upgrade/<version>/ gets the program that says everything and the
// state after its `up`. Whatever a later release changes, that program with that state must preview no change.
//   . scripts/env && npm run build && node scripts/record-upgrade.mjs
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const folder = path.join(root, "test/upgrade", version);
const project = "switchyard-upgrade";
const stackName = `v${version.replaceAll(".", "-")}`;
const guest = `${project}-${stackName}-guest`;
const image = `${project}-web:${version}`;
const shape = {
    image,
    guest,
    secret: "not-really-secret",
    gallery: true,
    addressSpace: "10.199.254.0/24",
    privateAddress: "10.199.254.200",
};

/** No Docker Engine has this id. */
const NOWHERE = { id: "recorded", name: "recorded" };

/** Nothing of the machine, of the moment, or that Pulumi does not need. */
function portable(state) {
    const { version: format, deployment } = JSON.parse(state, (key, value) =>
        key === "__engine" && value ? NOWHERE : value,
    );
    const resources = deployment.resources.map((resource) =>
        without(resource, "created", "modified", "sourcePosition", "stackTrace"),
    );
    const manifest = { time: "2000-01-01T00:00:00Z", magic: "", version: "" };
    return {
        version: format,
        deployment: { ...without(deployment, "secrets_providers", "metadata"), manifest, resources },
    };
}

function without(object, ...keys) {
    return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

const docker = (...args) => execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const write = (file, value) => writeFileSync(path.join(folder, file), `${JSON.stringify(value, null, 2)}\n`);

if (existsSync(folder)) throw new Error(`${folder} is there: what a release left is not recorded anew`);
cpSync(path.join(root, "test/stack/programs/everything"), folder, { recursive: true });
write("Pulumi.yaml", { name: project, runtime: "nodejs" });
const certificates = mkdtempSync(path.join(tmpdir(), "switchyard-upgrade-"));
const openssl = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "36500", "-subj", "/CN=switchyard test"];
execFileSync("openssl", [...openssl, "-keyout", "key.pem", "-out", "ca.pem"], { cwd: certificates, stdio: "pipe" });
write(`${stackName}.json`, { ...shape, certificate: readFileSync(path.join(certificates, "ca.pem"), "utf8") });

docker("build", "--quiet", "--tag", image, path.join(root, "examples/quickstart/web"));
docker("run", "--detach", "--name", guest, image);
const envVars = { PULUMI_BACKEND_URL: `file://${certificates}`, PULUMI_CONFIG_PASSPHRASE: "" };
const stack = await LocalWorkspace.createStack({ stackName, workDir: folder }, { envVars });
try {
    await stack.up({ onOutput: (text) => process.stdout.write(text) });
    const state = path.join(certificates, "state.json");
    execFileSync("pulumi", ["stack", "export", "--show-secrets", "--stack", stackName, "--file", state], {
        cwd: folder,
        env: { ...process.env, ...envVars },
    });
    write("state.json", portable(readFileSync(state, "utf8")));
} finally {
    await stack.destroy();
    docker("rm", "--force", "--volumes", guest);
    docker("volume", "rm", "--force", `${stackName}-data`);
    docker("image", "rm", image);
    rmSync(certificates, { recursive: true, force: true });
    rmSync(path.join(folder, `Pulumi.${stackName}.yaml`), { force: true });
}
