import type { z } from "zod";
import { refuse } from "../schema/kit";
import { geographyProblems } from "./rules/geography";
import { kindProblems } from "./rules/kinds";
import { policyProblems } from "./rules/policy";
import { below, knownPolicies, type Checked, type Problem } from "./rules/problem";
import { referenceProblems } from "./rules/references";
import { sizeProblems } from "./rules/size";
import { treeProblems } from "./rules/tree";
import { zoneProblems } from "./rules/zones";

/** Refuses a configuration whose parts contradict each other. What a preview does not know yet contradicts nothing. */
export function checkDns<Configuration extends Checked>(context: z.core.ParsePayload<Configuration>): void {
    for (const { path, message } of problemsOf(context.value)) refuse(context, path, message);
}

function problemsOf(configuration: Checked): Problem[] {
    return [
        ...zoneProblems(configuration),
        ...knownPolicies(configuration).flatMap(([name, policy]) => below(["policies", name], policyProblems(policy))),
        ...referenceProblems(configuration),
        ...treeProblems(configuration),
        ...kindProblems(configuration),
        ...geographyProblems(configuration),
        ...sizeProblems(configuration),
    ];
}
