import { startServer, type Machine, type RunningProcess, type Topology } from "../../test/runtime/support";

export const WEB_PORT = 8080;
/** Where members answer 500. */
const BROKEN_PORT = 8081;

/** A way in which a member fails, and how it is over. */
export interface Kind {
    prepare?(net: Topology, member: Machine): Promise<void>;
    begin(net: Topology, member: Machine, server: RunningProcess): Promise<void>;
    end(net: Topology, member: Machine, server: RunningProcess): Promise<void>;
}

const TABLE = "failing";

function byRule(chain: string, rule: string): Kind {
    return {
        async begin(net, { namespace }) {
            const table = `add table ip ${TABLE}; add chain ip ${TABLE} fail { ${chain}; }; add rule ip ${TABLE} fail ${rule}`;
            await net.commands(namespace).run(["nft", table]);
        },
        async end(net, { namespace }) {
            await net.commands(namespace).run(["nft", "delete", "table", "ip", TABLE]);
        },
    };
}

export const KINDS: Readonly<Record<string, Kind>> = {
    "refuses connections": byRule("type filter hook input priority 0", `tcp dport ${WEB_PORT} reject with tcp reset`),
    "is silent (black-holed)": {
        begin: (net, member) => net.silence(member),
        end: (net, member) => net.revive(member),
    },
    "is paused": {
        async begin(_net, _member, server) {
            server.child.kill("SIGSTOP");
        },
        async end(_net, _member, server) {
            server.child.kill("SIGCONT");
        },
    },
    "answers 500": {
        async prepare(net, member) {
            await startServer(net, member, { http: [BROKEN_PORT], status: 500 });
        },
        ...byRule("type nat hook prerouting priority -100", `tcp dport ${WEB_PORT} redirect to :${BROKEN_PORT}`),
    },
};
