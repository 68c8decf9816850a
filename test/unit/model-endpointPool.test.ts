import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignPorts } from "../../model/resources/endpointPool";
import { UNKNOWN } from "../../model/schema/unknown";

describe("the ports of a pool", () => {
    test("are given to new machines in the order of their names", () => {
        expect(assignPorts("2201-2250", ["web10", "web2", "db"])).toEqual({ db: 2201, web2: 2202, web10: 2203 });
    });

    test("stay with their machines while others come and go, and freed ones are given again", () => {
        const before = assignPorts("2201-2204", ["web1", "web2", "web3"]);
        expect(assignPorts("2201-2204", ["web3", "web4", "web5"], before)).toEqual({
            web3: 2203,
            web4: 2201,
            web5: 2202,
        });
    });

    test("stay where the new range has them too", () => {
        const before = { web1: 2201, web2: 2202 };
        expect(assignPorts("2202-2300", ["web1", "web2"], before)).toEqual({ web1: 2203, web2: 2202 });
    });

    test("are not known while the range is not", () => {
        expect(assignPorts(UNKNOWN, ["web1"])).toEqual({ web1: UNKNOWN });
    });

    test("are always in the range, one for each machine, and kept over any sequence of changes", () => {
        const names = fc.subarray(["a", "b", "c", "d", "e", "f", "g", "h"], { minLength: 1 });
        fc.assert(
            fc.property(fc.array(names, { minLength: 1, maxLength: 12 }), (steps) => {
                let ports: Record<string, number> = {};
                for (const machines of steps) {
                    const next = assignPorts("1000-1007", machines, ports);
                    expect(Object.keys(next).sort()).toEqual([...machines].sort());
                    expect(new Set(Object.values(next)).size).toBe(machines.length);
                    for (const [machine, port] of Object.entries(next)) {
                        expect(port).toBeGreaterThanOrEqual(1000);
                        expect(port).toBeLessThanOrEqual(1007);
                        if (machine in ports) expect(port).toBe(ports[machine]);
                    }
                    ports = next;
                }
            }),
        );
    });
});
