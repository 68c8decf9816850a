import { z } from "zod";
import { isUnknown } from "../../schema/unknown";

export const replaceMode = z.enum(["createFirst", "deleteFirst"]);

interface Replaceable {
    readonly network: string;
    readonly privateAddress?: string | undefined;
    readonly replaceMode?: z.output<typeof replaceMode> | undefined;
}

/** Whether the old machine must be gone before the new one can be: where nothing is said, when both want one address. */
export function isDeletedFirst(olds: Replaceable, news: Replaceable): boolean {
    if (news.replaceMode !== undefined && !isUnknown(news.replaceMode)) return news.replaceMode === "deleteFirst";
    if (news.privateAddress === undefined || olds.privateAddress === undefined) return false;
    return (
        olds.network === news.network && (isUnknown(news.privateAddress) || olds.privateAddress === news.privateAddress)
    );
}
