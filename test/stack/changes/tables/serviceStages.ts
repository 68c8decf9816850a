import { replaced, replacedInPlace, updated, type Change, type Shown } from "../../support/changes";
import { both, inside, secure, everybody, described } from "./services";

const movedNetwork: Shown = {
    "CloudService west": updated("addressSpace"),
    "PrivateNetwork west-private": replacedInPlace(
        ["addressSpace", "gatewayAddress", "internalVirtualIp"],
        ...["addressSpace", "gatewayAddress", "internalVirtualIp", "name"],
    ),
    // All that is on it goes with it; Pulumi then names the reasons only.
    "Gateway west-gateway": replacedInPlace(["internalVirtualIp", "privateGateway", "privateNetwork", "privateSubnet"]),
    "VirtualMachine w1": replacedInPlace(["network"]),
    "LoadBalancer westward": replacedInPlace(["privateNetwork"]),
};
const published = (...paths: string[]): Shown => ({
    "CloudService north": updated("publish"),
    "Gateway north-gateway": replacedInPlace(["publish"], ...paths),
});
const otherLan: Shown = {
    "PublicNetwork lan": replaced(["addressSpace"], "addressSpace"),
    "PrivateNetwork north-private": updated("sortsAfter"),
};
const secretOf = (value: string) => ({ "keeper.environment": { TOKEN: { $secret: value } } });
const fedBy = "peer.containerId";
const fedAcl = [{ ...everybody, description: { $of: fedBy } }];

/** Members with shares of their own. */
const shares = ["virtualMachines.web1.priority", "virtualMachines.web1.weight", "virtualMachines.web2.adminState"];
const shared: Shown = {
    "LoadBalancedSet inside": updated(...shares),
    "LoadBalancer balancer": updated(
        ...shares.map((path) => path.replace("virtualMachines", "loadBalancedSets.inside.members")),
    ),
};

const weighed: Shown = {
    "LoadBalancedSet secure": updated("virtualMachines.web1.weight"),
    "LoadBalancer balancer": updated("loadBalancedSets.secure.members.web1.weight"),
};
const secureMember = { virtualMachine: "@web1", adminState: "up" };

export const given: Change[] = [
    { what: "west gets an address space", give: { "west.addressSpace": "<space>.0/25" }, shows: movedNetwork },
    {
        what: "west gets a location",
        give: { "west.location": "westus" },
        shows: { "CloudService west": updated("location") },
    },
    {
        what: "the public network gets an address space: its gateways go to it",
        give: { "lan.addressSpace": "<lan>.0/24" },
        shows: {
            ...otherLan,
            "Gateway north-gateway": replacedInPlace(
                ["publicNetwork", "publicSubnet", "virtualIp"],
                ...["publicNetwork", "publicSubnet", "virtualIp"],
            ),
        },
    },
    {
        what: "north gets an advertised address",
        give: { "north.advertisedAddress": "203.0.113.10" },
        shows: { "CloudService north": updated("advertisedAddress") },
    },
    {
        what: "guest gets an alias",
        give: { "guest.alias": "visitor" },
        shows: { "ContainerAttachment guest": updated("alias") },
    },
    {
        what: "a value becomes secret",
        give: secretOf("hush-one"),
        shows: { "VirtualMachine keeper": updated("environment.TOKEN") },
    },
    {
        what: "a machine is given what another one knows",
        give: { "fed.environment": { PEER: { $of: fedBy } } },
        shows: { "VirtualMachine fed": replaced(["environment"], "environment.PEER") },
    },
    {
        what: "an endpoint is given what a machine knows",
        give: { "other.acl": fedAcl },
        shows: { "Endpoint other": updated("acl"), "LoadBalancer balancer": updated("endpoints.other.acl") },
    },
    {
        what: "a probe shows who asks",
        give: { "secure.probe.clientCertificate": "<certificate>", "secure.probe.clientKey": { $secret: "<key>" } },
        shows: secure.shows("", ["probe.clientCertificate", "probe.clientKey"]),
    },
];

export const changes: Change[] = [
    {
        what: "members get shares",
        give: {
            "inside.virtualMachines": [
                { virtualMachine: "@web1", weight: 3, priority: 2 },
                { virtualMachine: "@web2", adminState: "up" },
            ],
        },
        shows: shared,
    },
    { what: "west's address space changes", give: { "west.addressSpace": "<space>.128/25" }, shows: movedNetwork },
    {
        what: "west's location changes",
        give: { "west.location": "westeurope" },
        shows: { "CloudService west": updated("location") },
    },
    {
        what: "north publishes more: its gateway is replaced",
        give: { "north.publish": { address: "127.0.0.1", ports: ["<north>:80", "<north2>:81"] } },
        shows: published("publish.ports[1]"),
    },
    {
        what: "north gets a VIP of its own choice: its gateway is replaced",
        give: { "north.virtualIp": "<lan>.77" },
        shows: {
            "CloudService north": updated("virtualIp"),
            "Gateway north-gateway": replacedInPlace(["virtualIp"], "virtualIp"),
        },
    },
    {
        what: "another network that exists is used",
        give: { "found.existing": "<net2>" },
        shows: { "PublicNetwork found": replaced(["addressSpace", "existing"], "addressSpace", "existing") },
    },
    {
        what: "another image of the gallery is built",
        give: { "picture.image": "web" },
        shows: { "GalleryImage picture": replaced(["name"], "image") },
    },
    {
        what: "who asks for a probe has another key",
        give: { "secure.probe.clientCertificate": "<certificate2>", "secure.probe.clientKey": { $secret: "<key2>" } },
        shows: secure.shows("", ["probe.clientCertificate", "probe.clientKey"]),
    },
    {
        what: "north's advertised address changes",
        give: { "north.advertisedAddress": "203.0.113.11" },
        shows: { "CloudService north": updated("advertisedAddress") },
    },
    {
        what: "guest is another container",
        give: { "guest.container": "<guest2>" },
        shows: {
            "ContainerAttachment guest": {
                op: "create-replacement",
                changes: ["container", "containerId"],
                replaces: ["container"],
            },
        },
    },
    {
        what: "a secret has another value",
        give: secretOf("hush-two"),
        shows: { "VirtualMachine keeper": replaced(["environment"], "environment.TOKEN") },
    },
    {
        what: "what others are given is not known before a machine is replaced",
        give: { "peer.image": "<other>" },
        shows: {
            "VirtualMachine peer": replaced(["image"], "image"),
            "VirtualMachine fed": replaced(["environment"], "environment.PEER"),
            "Endpoint other": updated("acl.200.description"),
            "LoadBalancer balancer": updated("endpoints.other.acl.200.description"),
        },
    },
    {
        what: "nor a port, which is previewed as a change in place",
        give: { "other.publicPort": { $after: "peer", value: 88 } },
        shows: {
            "Endpoint other": updated("publicPort"),
            "LoadBalancer balancer": updated("endpoints.other.publicPort"),
        },
    },
    {
        what: "nor a member's share",
        give: { "secure.virtualMachines": [{ ...secureMember, weight: { $after: "peer", value: 2 } }] },
        shows: weighed,
    },
    {
        what: "fixed has another image",
        give: { "fixed.image": "<other>" },
        shows: { "VirtualMachine fixed": replaced(["image"], "image") },
    },
    {
        what: "inside has another port, and protocol",
        give: {
            "inside.publicPort": 85,
            "inside.privatePort": 8081,
            "inside.protocol": "udp",
            "inside.probe": { protocol: "none" },
        },
        shows: inside.shows("", [
            ...["privatePort", "probe.healthyThreshold", "probe.intervalSeconds", "probe.protocol"],
            ...["protocol", "publicPort"],
        ]),
    },
    {
        what: "one has another port and machine",
        give: { "one.publicPort": 86, "one.virtualMachine": "@web2" },
        shows: {
            "Endpoint one": updated("container", "publicPort", "virtualMachine"),
            "LoadBalancer balancer": updated("endpoints.one.container", "endpoints.one.publicPort"),
        },
    },
    {
        what: "the ports of a pool change: a machine whose port is still among them keeps it",
        give: { "each.publicPorts": "9002-9010", "each.privatePort": 8081 },
        shows: {
            "EndpointPool each": updated("ports.web1", "privatePort", "publicPorts"),
            "LoadBalancer balancer": updated(
                ...['["each/web1"].privatePort', '["each/web1"].publicPort', '["each/web2"].privatePort'].map(
                    (path) => `endpoints${path}`,
                ),
            ),
        },
    },
];

/** Lists that mean sets, keys of maps, and other spellings: a preview shows none of it. */
export const reordered: Change[] = [
    {
        what: "lists, maps and spellings",
        give: {
            "http.virtualMachines": ["@web2", "@web1"],
            "http.acl": [everybody, { ...described[0], remoteSubnet: "10.0.0.0/1" }],
            "http.probe.expectedStatus": ["304", "200-203"],
            "each.virtualMachines": ["@web2", "@web1"],
            "balancer.endpoints": ["@each", "@one", "@other", "@secure", "@inside", "@twin", "@http"],
            "fixed.capabilities": ["cap_sys_time", "NET_ADMIN"],
            "north.publish.ports": ["<north2>:81/tcp", "<north>:80"],
            "live.size": { memory: 256 * 1024 ** 2, cpus: 0.5 },
        },
        shows: {},
    },
];

export const takenBack: Change[] = [
    { what: "shares are taken back", give: { "inside.virtualMachines": both }, shows: shared },
    { what: "a share is taken back", give: { "secure.virtualMachines": [secureMember] }, shows: weighed },
    {
        what: "west's address space and location are taken back",
        give: { "west.addressSpace": undefined, "west.location": undefined },
        shows: { ...movedNetwork, "CloudService west": updated("addressSpace", "location") },
    },
    {
        what: "north publishes nothing any more",
        give: { "north.publish": undefined },
        shows: published("publish"),
    },
    {
        what: "north advertises its VIP again",
        give: { "north.advertisedAddress": undefined },
        shows: { "CloudService north": updated("advertisedAddress") },
    },
    {
        what: "north is on another public network, and given no VIP any more",
        give: { "north.publicNetwork": "@found", "north.virtualIp": undefined },
        shows: {
            "CloudService north": updated("virtualIp"),
            "PrivateNetwork north-private": updated("sortsAfter"),
            "Gateway north-gateway": replacedInPlace(
                ["publicNetwork", "publicSubnet", "virtualIp"],
                ...["publicNetwork", "publicSubnet", "virtualIp"],
            ),
        },
    },
    {
        what: "nobody asks for a probe any more",
        give: { "secure.probe.clientCertificate": undefined, "secure.probe.clientKey": undefined },
        shows: secure.shows("", ["probe.clientCertificate", "probe.clientKey"]),
    },
    {
        what: "a pool has another protocol, and one machine more",
        give: { "each.protocol": "udp", "each.virtualMachines": ["@web1", "@web2", "@peer"] },
        shows: {
            "EndpointPool each": updated("ports.peer", "protocol", "virtualMachines.peer"),
            "LoadBalancer balancer": updated(
                ...['["each/web1"].protocol', '["each/web2"].protocol', '["each/peer"]'].map(
                    (path) => `endpoints${path}`,
                ),
            ),
        },
    },
    {
        what: "an endpoint has another protocol",
        give: { "other.protocol": "udp" },
        shows: { "Endpoint other": updated("protocol"), "LoadBalancer balancer": updated("endpoints.other.protocol") },
    },
    {
        what: "guest's alias is taken back",
        give: { "guest.alias": undefined },
        shows: { "ContainerAttachment guest": updated("alias") },
    },
    {
        what: "a value is no secret any more",
        give: { "keeper.environment": { TOKEN: "hush-two" } },
        shows: { "VirtualMachine keeper": updated("environment.TOKEN") },
    },
    {
        what: "a machine is not given what another one knows",
        give: { "fed.environment": undefined },
        shows: { "VirtualMachine fed": replaced(["environment"], "environment.PEER") },
    },
];
