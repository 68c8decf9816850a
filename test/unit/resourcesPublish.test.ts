import { describe, expect, it } from "vitest";
import { publish } from "../../model/resources/publish";
import { portBindings } from "../../provider/runtime/published";

describe("published ports", () => {
    it.each([
        [[80], ["80:80/tcp"]],
        [["80"], ["80:80/tcp"]],
        [["8080:80"], ["8080:80/tcp"]],
        [["53/UDP"], ["53:53/udp"]],
        [["5000-5010/udp"], ["5000-5010:5000-5010/udp"]],
        [["6000-6001:5000-5001"], ["6000-6001:5000-5001/tcp"]],
        [["80-80"], ["80:80/tcp"]],
        // The same port for both protocols is two; one public port may be reached through several.
        [
            ["443/udp", 443, "8443:443"],
            ["443:443/tcp", "8443:443/tcp", "443:443/udp"],
        ],
    ])("given %j, then they are %j", (given, canonical) => {
        expect(publish.parse({ ports: given })).toEqual({ address: "0.0.0.0", ports: canonical });
        expect(publish.parse({ ports: canonical })).toEqual({ address: "0.0.0.0", ports: canonical });
    });

    it("when handed to Docker, then each port of a range is bound to its own", () => {
        const { exposed, bindings } = portBindings(
            publish.parse({ address: "127.0.0.1", ports: ["6000-6001:5000-5001/udp", "8080:80", "8081:80"] }),
        );
        expect(bindings).toEqual({
            "80/tcp": [
                { HostIp: "127.0.0.1", HostPort: "8080" },
                { HostIp: "127.0.0.1", HostPort: "8081" },
            ],
            "5000/udp": [{ HostIp: "127.0.0.1", HostPort: "6000" }],
            "5001/udp": [{ HostIp: "127.0.0.1", HostPort: "6001" }],
        });
        expect(Object.keys(exposed).sort()).toEqual(["5000/udp", "5001/udp", "80/tcp"]);
        expect(portBindings(undefined)).toEqual({ exposed: {}, bindings: {} });
    });
});
