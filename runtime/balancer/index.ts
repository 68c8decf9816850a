export { readAclCounts, type AclCounts, type Count } from "./acl-counts";
export { Commands } from "./commands";
export { countConnections, type MachinePorts } from "./conntrack";
export type { Engine } from "./engine";
export { prepareNetwork, type PreparedNetwork } from "./network";
export { startNftablesEngine, type NftablesEngineOptions } from "./nftables-engine";
