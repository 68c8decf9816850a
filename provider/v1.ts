/**
 * What the `__provider` string of every resource in every state names: `require("pulumi-switchyard/provider/v1").<key>`.
 * Old states need it for ever: keys are added, never renamed or removed, and migrations of old state go behind them.
 */
import { balancerAgent as balancerAgentDefinition } from "./balancerAgent";
import { resource } from "./adapter";
import { containerAttachment as containerAttachmentDefinition } from "./containerAttachment";
import { dnsAgent as dnsAgentDefinition } from "./dnsAgent";
import { dnsConfiguration as dnsConfigurationDefinition } from "./dnsConfiguration";
import { dnsServer as dnsServerDefinition } from "./dnsServer";
import { endpoint as endpointDefinition } from "./endpoint";
import { galleryImage as galleryImageDefinition } from "./galleryImage";
import { endpointPool as endpointPoolDefinition } from "./endpointPool";
import { gateway as gatewayDefinition } from "./gateway";
import { loadBalancedSet as loadBalancedSetDefinition } from "./loadBalancedSet";
import { loadBalancer as loadBalancerDefinition } from "./loadBalancer";
import { endWithEngine } from "./orphan";
import { privateNetwork as privateNetworkDefinition } from "./privateNetwork";
import { publicNetwork as publicNetworkDefinition } from "./publicNetwork";
import { runtimeImage as runtimeImageDefinition } from "./runtimeImage";
import { runtimeVolume as runtimeVolumeDefinition } from "./runtimeVolume";
import { trafficPolicy as trafficPolicyDefinition } from "./trafficPolicy";
import { virtualMachine as virtualMachineDefinition } from "./virtualMachine";

endWithEngine();

export const publicNetwork = resource(publicNetworkDefinition);
export const privateNetwork = resource(privateNetworkDefinition);
export const runtimeImage = resource(runtimeImageDefinition);
export const runtimeVolume = resource(runtimeVolumeDefinition);
export const gateway = resource(gatewayDefinition);
export const balancerAgent = resource(balancerAgentDefinition);
export const virtualMachine = resource(virtualMachineDefinition);
export const containerAttachment = resource(containerAttachmentDefinition);
export const endpoint = resource(endpointDefinition);
export const endpointPool = resource(endpointPoolDefinition);
export const loadBalancedSet = resource(loadBalancedSetDefinition);
export const loadBalancer = resource(loadBalancerDefinition);
export const galleryImage = resource(galleryImageDefinition);
export const trafficPolicy = resource(trafficPolicyDefinition);
export const dnsServer = resource(dnsServerDefinition);
export const dnsAgent = resource(dnsAgentDefinition);
export const dnsConfiguration = resource(dnsConfigurationDefinition);
