import { describe, expect, it } from "vitest";
import { compile } from "../../model/balancer/compile";
import { balancerConfiguration } from "../../model/balancer/configuration";
import { NO_TRAFFIC } from "../../model/balancer/traffic";
import { parseCounters } from "../../runtime/balancer/counter-reader";
import { network } from "./support/configurations";

const frontends = compile(
    balancerConfiguration.parse({
        endpoints: {
            dns: { protocol: "udp", publicPort: 80, privatePort: 53, container: "ns1" },
            web: { protocol: "tcp", publicPort: 80, privatePort: 8080, container: "web1" },
        },
    }),
    network,
    new Map(),
).frontends;

describe("what nft lists of the counters", () => {
    it("is told by frontend and machine; frontends that are gone, and rules' other sets, are left out", () => {
        const text = `
table ip switchyard {
	set connections {
		type inet_proto . mark . ipv4_addr
		size 65536
		flags dynamic
		elements = { udp . 0x00000050 . 10.80.1.2 counter packets 1 bytes 29,
			     tcp . 0x00000050 . 10.80.1.2 counter packets 12 bytes 300, tcp . 0x00000051 . 10.80.1.3 counter packets 6 bytes 360 }
	}
}
table ip switchyard {
	set answered {
		type inet_proto . mark . ipv4_addr
		flags dynamic
		elements = { tcp . 0x00000050 . 10.80.1.2 counter packets 11 bytes 300 }
	}
	set strange {
		elements = { tcp . 0x00000050 . 10.80.1.9 counter packets 11 bytes 300 }
	}
	set sent {
		elements = { tcp . VIP . 80 . 10.80.1.2 counter packets 7 bytes 9000,
			     udp . VIP . 81 . 10.80.1.2 counter packets 9 bytes 9000 }
	}
	set arrived {
		elements = { tcp . 0x00000050 counter packets 4294967297 bytes 0 }
	}
}`.replaceAll("VIP", network.virtualIp);
        expect(parseCounters(text, frontends)).toEqual(
            new Map([
                ["endpoint/dns", { arrived: 0, members: new Map([["10.80.1.2", counts(1, 0)]]) }],
                [
                    "endpoint/web",
                    {
                        arrived: 4_294_967_297,
                        members: new Map([["10.80.1.2", { ...counts(12, 11), sentPackets: 7, sentBytes: 9000 }]]),
                    },
                ],
            ]),
        );
    });

    it("is the same where nft does not know the protocols' names", () => {
        const text = `	set refused {\n elements = { 6 . 0x00000050 . 10.80.1.2 counter packets 3 bytes 120 }\n}`;
        expect(parseCounters(text, frontends).get("endpoint/web")!.members.get("10.80.1.2")).toEqual(counts(0, 0, 3));
    });
});

function counts(connections: number, answered: number, refused = 0) {
    return { ...NO_TRAFFIC, connections, answered, refused };
}
