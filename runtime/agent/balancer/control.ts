import { CONFIGURATION_SECRETS } from "../../../model/balancer/configuration";
import {
    applyRequest,
    type AgentStatus,
    type AppliedConfiguration,
    type ConnectionsLeft,
} from "../../../model/balancer/control";
import { commonRoutes } from "../control-routes";
import { reply, type Routes } from "../control-server";
import type { BalancerApplies } from "./apply";
import { statusText } from "./status-text";

export interface BalancerControl {
    readonly applies: BalancerApplies;
    readonly status: () => Promise<AgentStatus>;
    readonly configuration: () => AppliedConfiguration;
    readonly quiesce: (container: string) => Promise<void>;
    readonly connectionsLeft: (container: string) => Promise<ConnectionsLeft>;
}

/** What the gateway's agent answers. */
export function balancerRoutes({ quiesce, connectionsLeft, ...parts }: BalancerControl): Routes {
    return {
        ...commonRoutes({ ...parts, applyRequest, secrets: CONFIGURATION_SECRETS, statusText }),
        "POST /v1/machines/{container}/quiesce": async ({ response, parameters: [container] }) => {
            await quiesce(container!);
            response.writeHead(204).end();
        },
        "GET /v1/machines/{container}/connections": async ({ response, parameters: [container] }) =>
            reply(response, 200, await connectionsLeft(container!)),
    };
}
