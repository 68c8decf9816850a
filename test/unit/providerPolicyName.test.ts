import { describe, expect, it } from "vitest";
import type { DnsStatus } from "../../model/dns/control";
import { policyCalled } from "../../provider/control/explain";

const policies = (names: Record<string, string>) =>
    Object.fromEntries(Object.entries(names).map(([key, name]) => [key, { name }])) as DnsStatus["policies"];
const status = {
    domain: "TM.example",
    policies: policies({
        contoso: "www.contoso.tm.example",
        fabrikam: "contoso.tm.example",
        other: "other.tm.example",
    }),
};

describe("a policy that somebody names", () => {
    it.each([
        ["contoso", "contoso"],
        ["fabrikam", "fabrikam"],
        ["www.contoso", "contoso"],
        ["WWW.Contoso", "contoso"],
        ["contoso.tm.example", "fabrikam"],
        ["Contoso.TM.example.", "fabrikam"],
        ["other.tm.example", "other"],
        ["tm.example", undefined],
        ["nobody", undefined],
        ["", undefined],
        ["constructor", undefined],
    ])("as %j is %s: its resource's name counts before its prefix", (text, key) => {
        expect(policyCalled(status, text)).toBe(key);
    });

    it("is none where nothing is served", () => expect(policyCalled({ policies: {} }, "contoso")).toBeUndefined());
});
