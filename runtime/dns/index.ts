export { DnsEngine, type DnsEngineOptions } from "./engine";
export { GeoDatabase } from "./geo/database";
