import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { BalancerConfiguration } from "../../../model/balancer/configuration";
import {
    agentStatus,
    appliedConfiguration,
    type AgentStatus,
    type MemberStatus,
} from "../../../model/balancer/control";
import { applyEvent, type ApplyEvent } from "../../../model/control";

interface ApplyOptions {
    readonly waitSeconds?: number;
    readonly basedOn?: number;
    readonly onEvent?: (event: ApplyEvent) => void;
}

/** What a provider says to an agent, over its socket. */
export class AgentClient {
    /** @param where the agent's socket, or how to connect to it */
    constructor(private readonly where: string | http.RequestOptions["createConnection"]) {}

    async status(): Promise<AgentStatus> {
        return agentStatus.parse(JSON.parse((await this.send("GET", "/v1/status")).text));
    }

    async member(set: string, name: string): Promise<MemberStatus> {
        return (await this.status()).loadBalancedSets[set]!.members[name]!;
    }

    /** Waits until a member has this status; tells what it has instead when that takes too long. */
    async memberIs(set: string, name: string, status: MemberStatus["status"], seconds = 10): Promise<MemberStatus> {
        const deadline = Date.now() + seconds * 1_000;
        for (;;) {
            const member = await this.member(set, name);
            if (member.status === status) return member;
            if (Date.now() > deadline) throw new Error(`${name} is ${member.status} (${member.reason}), not ${status}`);
            await sleep(20);
        }
    }

    async revision(): Promise<number> {
        const reply = await this.send("GET", "/v1/configuration");
        return appliedConfiguration.parse(JSON.parse(reply.text)).revision;
    }

    /** All events of an apply, the final one last; a refusal throws. */
    async apply(configuration: BalancerConfiguration, options: ApplyOptions = {}): Promise<ApplyEvent[]> {
        const { waitSeconds = 20, onEvent = () => {} } = options;
        const basedOn = options.basedOn ?? (await this.revision());
        const events: ApplyEvent[] = [];
        const reply = await this.send("PUT", "/v1/configuration", { configuration, basedOn, waitSeconds }, (line) => {
            if (line === "") return;
            const event = applyEvent.parse(JSON.parse(line));
            events.push(event);
            onEvent(event);
        });
        if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
        return events;
    }

    async quiesce(container: string): Promise<void> {
        const { status, text } = await this.send("POST", `/v1/machines/${container}/quiesce`);
        if (status !== 204) throw new Error(`${status}: ${text}`);
    }

    private send(method: string, path: string, body?: object, onLine?: (line: string) => void) {
        return new Promise<{ status: number; text: string }>((resolve, reject) => {
            const to = typeof this.where === "string" ? { socketPath: this.where } : { createConnection: this.where };
            const headers = { Connection: "close" };
            const request = http.request({ ...to, method, path, headers }, (response) => {
                let text = "";
                let read = 0;
                response.setEncoding("utf8").on("data", (chunk: string) => {
                    text += chunk;
                    if (!onLine || response.statusCode !== 200) return;
                    for (let end = text.indexOf("\n", read); end !== -1; end = text.indexOf("\n", read)) {
                        onLine(text.slice(read, end));
                        read = end + 1;
                    }
                });
                response.on("end", () => resolve({ status: response.statusCode!, text }));
                response.on("error", reject);
            });
            request.on("error", reject);
            request.end(body && JSON.stringify(body));
        });
    }
}
