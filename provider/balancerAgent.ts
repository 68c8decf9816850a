import { balancerAgent as schema } from "../model/resources/gateway";
import { agentInstaller } from "./agentInstaller";
import { GATEWAY } from "./control/runtimes";

export const balancerAgent = agentInstaller("BalancerAgent", schema, GATEWAY, ({ gateway }) => gateway);
