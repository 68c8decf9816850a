import * as pulumi from "@pulumi/pulumi";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { blocks, root, run, typeErrors } from "./support/guides";
import { CERTIFICATE, KEY } from "./support/pem";
import { register } from "./support/program";
import { refusals } from "./support/schemas";

describe("programs in the guides", () => {
    test("are some in each guide that tells how to write one", () => {
        const guides = new Set(blocks().map(({ at }) => at.split(":")[0]));
        expect([...guides].sort()).toEqual([
            "README.md",
            "changes.md",
            "docker-hosts.md",
            "endpoints.md",
            "load-balanced-sets.md",
            "pulumi.md",
            "testing-your-program.md",
            "traffic-policies.md",
            "virtual-machines.md",
            "when-things-fail.md",
        ]);
    });

    test("compile", () => {
        expect(typeErrors(blocks())).toEqual({});
    }, 120_000);

    test.each(blocks().map((block) => [block.at, block] as const))(
        "run, and are what providers take: %s",
        async (_, block) => {
            const registered = await register(() => {
                const settings = {
                    port: "8080",
                    image: "nginx:1.29",
                    password: "hidden",
                    key: "hidden",
                    dockerCa: CERTIFICATE,
                    dockerCert: CERTIFICATE,
                    dockerKey: KEY,
                };
                for (const [key, value] of Object.entries(settings)) pulumi.runtime.setConfig(`project:${key}`, value);
                run(block);
            });
            expect(Object.keys(registered)).toContainEqual(expect.stringMatching(/^(LoadBalancer|DnsConfiguration) /));
            expect(refusals(registered)).toEqual({});
        },
    );
});

/** As GitHub makes them of headings. */
function anchors(markdown: string): Set<string> {
    const headings = markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm);
    return new Set(
        [...headings].map(([, text]) =>
            text!
                .toLowerCase()
                .replace(/[^\w\- ]/g, "")
                .replaceAll(" ", "-"),
        ),
    );
}

const pages = [
    "README.md",
    "docs/README.md",
    ...readdirSync(path.join(root, "docs/guides")).map((file) => `docs/guides/${file}`),
];

test.each(pages.filter((page) => page.endsWith(".md")))("links of %s lead somewhere", (page) => {
    const text = readFileSync(path.join(root, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]*))?\)/g)];
    expect(links.length).toBeGreaterThan(0);
    const broken = links.filter(([, to, anchor]) => {
        const target = to ? path.join(root, path.dirname(page), to) : path.join(root, page);
        if (!existsSync(target)) return true;
        return anchor !== undefined && !anchors(readFileSync(target, "utf8")).has(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
});
