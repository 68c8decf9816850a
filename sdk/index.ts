/**
 * Load-balanced virtual machines and cloud services on your own Docker hosts, declared with Pulumi and served by the
 * kernel's nftables.
 *
 * @packageDocumentation
 */
export { type FromContainerArgs } from "./attachedContainer";
export { type AccessArgs, type AclRuleArgs, type ConnectionRateArgs } from "./access";
export { CloudService, type CloudServiceArgs } from "./cloudService";
export { type DockerArgs, type DockerProvider } from "./docker";
export {
    type BuiltImage,
    type ExistingContainer,
    type ExistingNetwork,
    type ExistingVolume,
    type PulledImage,
} from "./existing";
export { Endpoint, type EndpointArgs } from "./endpoint";
export {
    type FromGallery,
    type FromGalleryArgs,
    type NewCloudServiceArgs,
    type QuickCreateArgs,
} from "./gallery/fromGallery";
export { gallery } from "./gallery/gallery";
export { GalleryImage, type GalleryImageArgs } from "./gallery/galleryImage";
export { EndpointPool, type EndpointPoolArgs } from "./endpointPool";
export { LoadBalancedSet, type LoadBalancedSetArgs } from "./loadBalancedSet";
export { LoadBalancer, type LoadBalancerArgs, type MetricsArgs } from "./loadBalancer";
export { type MemberArgs } from "./member";
export { type ProbeArgs, type ProbeBodyArgs } from "./probe";
export { PublicNetwork, type PublicNetworkArgs } from "./publicNetwork";
export type { PublishArgs } from "./publish";
export { type GalleryImageName } from "../model/gallery";
export { type PublishedAddress } from "../model/resources/publishedAddress";
export {
    type AnswerArgs,
    type CloudServiceReference,
    type FailoverEndpointArgs,
    type GeographicEndpointArgs,
    type PolicyEndpointArgs,
    type SubnetEndpointArgs,
    type WeightedEndpointArgs,
} from "./traffic/endpointArgs";
export {
    type CoordinatesArgs,
    type DnsPublishArgs,
    type DnsServerArgs,
    type GeoDatabaseArgs,
    type SoaArgs,
    type TrafficManagerArgs,
} from "./traffic/managerArgs";
export { type MonitorArgs } from "./traffic/monitorArgs";
export { type EndpointStatus, type NameServer, type TrafficPolicyStatus } from "./traffic/outputs";
export {
    type FailoverPolicyArgs,
    type GeographicPolicyArgs,
    type MultiValuePolicyArgs,
    type PerformancePolicyArgs,
    type PolicyArgs,
    type RoundRobinPolicyArgs,
    type SubnetPolicyArgs,
    type TrafficPolicyArgs,
    type WeightedPolicyArgs,
} from "./traffic/policyArgs";
export { TrafficManager } from "./trafficManager";
export { TrafficPolicy } from "./trafficPolicy";
export { type VirtualMachineArgs } from "./machine/args";
export { type DeviceArgs, type DiskArgs, type HealthCheckArgs, type LogArgs, type UserFileArgs } from "./machine/parts";
export { type RegistryAuthArgs } from "./registryAuth";
export { sizes, type VirtualMachineSizeArgs, type VirtualMachineSizeName } from "./machine/sizes";
export { VirtualMachine } from "./virtualMachine";
export { wellKnown, type WellKnownPort } from "./wellKnown";
