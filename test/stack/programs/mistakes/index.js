// Programs that must be refused; the file beside them that is named after the stack says which.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const switchyard = require("pulumi-switchyard");

const image = "never-pulled";
const machineOf = (name, cloudService) => new switchyard.VirtualMachine(name, { cloudService, image });

const mistakes = {
    "limits-of-a-set"(east, web) {
        new switchyard.LoadBalancedSet("http", {
            protocol: "tcp",
            publicPort: 0,
            privatePort: 70_000,
            virtualMachines: [web],
            probe: { protocol: "http", path: "healthz", intervalSeconds: 5, timeoutSeconds: 6 },
            allDown: "ignore",
        });
    },
    "two-owners-of-a-port"(east, web) {
        const http = new switchyard.LoadBalancedSet("http", {
            protocol: "tcp",
            publicPort: 80,
            virtualMachines: [web],
        });
        const admin = new switchyard.Endpoint("admin", { virtualMachine: web, protocol: "tcp", publicPort: 80 });
        new switchyard.LoadBalancer("east", { cloudService: east, endpoints: [admin, http] });
    },
    "machine-of-another-service"(east, web) {
        const stranger = machineOf("stranger", new switchyard.CloudService("west"));
        new switchyard.LoadBalancedSet("http", {
            protocol: "tcp",
            publicPort: 80,
            virtualMachines: [web, stranger],
        });
    },
    "limits-of-a-machine"(east) {
        new switchyard.VirtualMachine("web_1-", {
            cloudService: east,
            image,
            size: { cpus: 0, memory: "1 kilo" },
            restart: "sometimes",
        });
    },
    "address-elsewhere"() {
        const network = new switchyard.PublicNetwork("dmz", { addressSpace: "10.225.7.0/24" });
        new switchyard.CloudService("west", { publicNetwork: network, virtualIp: "10.225.8.4" });
    },
    "policies-of-one-prefix"(east) {
        const policies = ["shop", "store"].map(
            (name) =>
                new switchyard.TrafficPolicy(name, {
                    method: "RoundRobin",
                    prefix: "www.contoso",
                    endpoints: { east: { cloudService: east, alwaysServe: true } },
                }),
        );
        trafficManagerOf(policies);
    },
    "nested-too-deep"() {
        let policy;
        for (let depth = 11; depth >= 1; depth--) {
            const endpoint = policy ? { policy } : { address: "192.0.2.1", alwaysServe: true };
            policy = new switchyard.TrafficPolicy(`level${depth}`, {
                method: "Failover",
                endpoints: { next: endpoint },
            });
        }
        trafficManagerOf([policy]);
    },
    "equal-priorities"(east) {
        const policy = new switchyard.TrafficPolicy("contoso", {
            method: "Failover",
            endpoints: {
                east: { cloudService: east, alwaysServe: true, priority: 1 },
                west: { hostName: "west.contoso.com", alwaysServe: true, priority: 1 },
            },
        });
        // Its servers are not to say the same once more.
        trafficManagerOf([policy]);
    },
    "many-values-of-names"(east) {
        new switchyard.TrafficPolicy("contoso", {
            method: "MultiValue",
            endpoints: { east: { cloudService: east, alwaysServe: true } },
        });
    },
    "nowhere-to-be-near"(east) {
        const policy = new switchyard.TrafficPolicy("contoso", {
            method: "Performance",
            endpoints: { east: { cloudService: east, alwaysServe: true } },
        });
        trafficManagerOf([policy], { latencies: { "192.0.2.0/24": { eastus: 12 } } });
    },
};

const trafficManagerOf = (policies, others) =>
    new switchyard.TrafficManager("dns", {
        domain: "trafficmanager.example",
        cloudServiceDomain: "cloudapp.example",
        policies,
        ...others,
    });

const east = new switchyard.CloudService("east");
const { mistake } = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));
mistakes[mistake](east, machineOf("web", east));
