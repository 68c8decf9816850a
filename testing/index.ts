/**
 * What unit tests of your own programs need: Pulumi's mocks alone skip the providers' checks, so a test would neither see
 * what they refuse nor the values that they fill in.
 *
 * @packageDocumentation
 */
export { UNKNOWN } from "../model/schema/unknown";
export {
    previewProgram,
    type Inputs,
    type ProgramPreview,
    type PreviewedResource,
    type PreviewOptions,
} from "./preview";
