import type { Input } from "@pulumi/pulumi";
import type { Earlier } from "../../model/resources/earlier";
import { sharedByDeployment } from "./shared";

/**
 * Those that the program declared before, among which a resource must be the only one to have something. One that is given
 * what is known only while the program runs is passed over.
 */
export function declaredBefore(among: string, name: string, given: Input<string> | undefined): Earlier[] | undefined {
    const all = sharedByDeployment<Earlier[]>("declared", among, () => []);
    const before = [...all];
    if (given === undefined || typeof given === "string") all.push({ name, ...(given !== undefined && { given }) });
    return before.length > 0 ? before : undefined;
}
