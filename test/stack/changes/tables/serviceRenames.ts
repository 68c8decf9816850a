import { created, deleted, replaced, updated, type Change, type Shown } from "../../support/changes";
import { tcp } from "./services";

const PARTS = [
    "PrivateNetwork private",
    "RuntimeImage image",
    "RuntimeVolume state",
    "Gateway gateway",
    "BalancerAgent agent",
];
const serviceNamed = (name: string, step: typeof created): Shown => ({
    [`CloudService ${name}`]: step,
    ...Object.fromEntries(PARTS.map((part) => [part.replace(" ", ` ${name}-`), step])),
});
const inBalancer = (...paths: string[]): Shown => ({ "LoadBalancer balancer2": updated(...paths) });

/** With an alias a rename shows what it changes; without, something new beside something that goes. */
export const renamed: Change[] = [
    {
        what: "a set with an alias",
        rename: { from: "http", to: "http2", alias: true },
        shows: inBalancer("loadBalancedSets.http", "loadBalancedSets.http2"),
    },
    {
        what: "a set without",
        rename: { from: "twin", to: "twin2" },
        shows: {
            "LoadBalancedSet twin2": created,
            "LoadBalancedSet twin": deleted,
            ...inBalancer("loadBalancedSets.twin", "loadBalancedSets.twin2"),
        },
    },
    {
        what: "an endpoint with an alias",
        rename: { from: "one", to: "one2", alias: true },
        shows: inBalancer("endpoints.one", "endpoints.one2"),
    },
    {
        what: "a pool with an alias: its machines keep their ports",
        rename: { from: "each", to: "each2", alias: true },
        shows: inBalancer(
            ...["each", "each2"].flatMap((name) =>
                ["web1", "web2", "peer"].map((machine) => `endpoints["${name}/${machine}"]`),
            ),
        ),
    },
    {
        what: "a load balancer with an alias",
        rename: { from: "balancer", to: "balancer2", alias: true },
        shows: inBalancer(),
    },
    {
        what: "a machine with an alias: its name in the cloud service changes",
        rename: { from: "live", to: "live2", alias: true },
        shows: {
            "VirtualMachine live2": replaced(["alias"], "alias"),
            "VirtualMachine live": { op: "delete-replaced", changes: [] },
        },
    },
    {
        what: "a machine without",
        rename: { from: "keeper", to: "keeper2" },
        shows: { "VirtualMachine keeper2": created, "VirtualMachine keeper": deleted },
    },
    {
        what: "an attached container with an alias",
        rename: { from: "guest", to: "guest2", alias: true },
        shows: { "ContainerAttachment guest2": updated("alias") },
    },
    {
        what: "a cloud service with an alias, and all that it is made of",
        rename: { from: "west", to: "west2", alias: true },
        shows: {},
    },
    {
        what: "a cloud service without",
        rename: { from: "north", to: "north2" },
        shows: { ...serviceNamed("north2", created), ...serviceNamed("north", deleted) },
    },
    {
        what: "a machine moves to another cloud service",
        give: { "fixed.cloudService": "@west2" },
        shows: { "VirtualMachine fixed": replaced(["network"], "gateway", "network") },
    },
    {
        what: "machines come and go in a set",
        give: { "inside.virtualMachines": ["@web1", "@peer"] },
        shows: {
            "LoadBalancedSet inside": updated("virtualMachines.peer", "virtualMachines.web2"),
            ...inBalancer("loadBalancedSets.inside.members.peer", "loadBalancedSets.inside.members.web2"),
        },
    },
    {
        what: "an endpoint goes, and another comes with its port",
        drop: ["other"],
        make: { another: { type: "Endpoint", args: { ...tcp, virtualMachine: "@web2", publicPort: 84 } } },
        give: { "balancer2.endpoints": ["@http2", "@twin2", "@inside", "@secure", "@one2", "@each2", "@another"] },
        shows: {
            "Endpoint another": created,
            "Endpoint other": deleted,
            ...inBalancer("endpoints.another", "endpoints.other"),
        },
    },
];
