export { startAgent, TestAgent } from "./agent";
export { applyAndSettle, membersOf, planFor, planOf, startEngine } from "./plans";
export { RunningProcess } from "./processes";
export { NEIGHBOUR_ADDRESS, NETWORK, OUTSIDE_ADDRESS, Topology, type Machine } from "./topology";
export {
    openFlows,
    runLoad,
    startLoad,
    startServer,
    startServers,
    type Flows,
    type Load,
    type LoadOptions,
    type LoadReport,
    type ServerOptions,
} from "./traffic";
export { pause, until } from "./wait";
