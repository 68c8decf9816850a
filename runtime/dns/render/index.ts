export { renderPlan, type GdnsdFiles, type GdnsdSettings } from "./plan";
