import { runtimeImage as schema } from "../model/resources/runtime";
import { bundledImage, ensureBundledImage } from "./bundledImage";
import type { Context } from "./definition";
import type { Host } from "./docker/host";
import { runtimeImageContext } from "./package";

const TYPE = "RuntimeImage";

export const runtimeImage = bundledImage(TYPE, schema, runtimeImageContext);

export function ensureRuntimeImage(host: Host, name: string, context: Context): Promise<string> {
    return ensureBundledImage(host, TYPE, name, runtimeImageContext(), context);
}
