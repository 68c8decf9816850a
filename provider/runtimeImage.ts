import { runtimeImage as schema } from "../model/resources/runtime";
import { isUnknown, UNKNOWN } from "../model/schema/unknown";
import { bundledImage, ensureBundledImage } from "./bundledImage";
import type { Context } from "./definition";
import type { Host } from "./docker/host";
import { runtimeImageContext, type RuntimeName } from "./package";

const TYPE = "RuntimeImage";

const definition = bundledImage(TYPE, schema, ({ runtime }) => runtimeImageContext(runtime ?? "gateway"));

export const runtimeImage: typeof definition = {
    ...definition,
    name: (inputs, context) => (isUnknown(inputs.runtime) ? UNKNOWN : definition.name!(inputs, context)),
};

export function ensureRuntimeImage(host: Host, runtime: RuntimeName, name: string, context: Context): Promise<string> {
    return ensureBundledImage(host, TYPE, name, runtimeImageContext(runtime), context);
}
