/** A small package, to be documented by scripts/docs. */
export { House, type DoorArgs, type HouseArgs } from "./house";
export { Garden, type GardenArgs } from "./garden";
export { type Colour, type Address, wellKnown, paint } from "./shared";
export * as gallery from "./gallery";
