import { z } from "zod";
import { object } from "../schema/kit";
import { docker } from "./docker";

/** The image from which runtimes of one kind run, gateways where it is not said; its name follows from the content of the package. */
export const runtimeImage = object({ runtime: z.enum(["dns"]).optional(), docker });
export type RuntimeImageInputs = z.input<typeof runtimeImage>;
export type RuntimeImageState = z.output<typeof runtimeImage> & { name: string };

/** What a runtime remembers when its container is replaced. */
export const runtimeVolume = object({ docker });
export type RuntimeVolumeInputs = z.input<typeof runtimeVolume>;
export type RuntimeVolumeState = z.output<typeof runtimeVolume> & { name: string };
