import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const config = new pulumi.Config();
const port = config.requireNumber("port");
const canary = config.requireNumber("canary");

// A cloud service with one web server. Yours would differ in their images, and in their Docker hosts.
const deploy = (name: string) =>
    switchyard.VirtualMachine.fromGallery(`${name}-web`, {
        image: "web",
        cloudService: name,
        endpoints: { http: switchyard.wellKnown.http },
    }).cloudService;

const monitor: switchyard.MonitorArgs = {
    protocol: "http",
    path: "/healthz",
    intervalSeconds: 1,
    timeoutSeconds: 0.5,
    toleratedFailures: 1,
};

// The release: the new version gets as many of 100 answers as you say.
const release = new switchyard.TrafficPolicy("release", {
    method: "Weighted",
    ttlSeconds: 5,
    monitor,
    endpoints: {
        stable: { cloudService: deploy("stable"), weight: 100 - canary },
        canary: { cloudService: deploy("canary"), weight: canary },
    },
});

// What clients ask: the release for as long as either version of it is Online, else the standby.
const shop = new switchyard.TrafficPolicy("shop", {
    method: "Failover",
    ttlSeconds: 5,
    monitor,
    endpoints: {
        release: { policy: release },
        standby: { cloudService: deploy("standby") },
    },
});

const dns = new switchyard.TrafficManager("contoso", {
    domain: "trafficmanager.example",
    cloudServiceDomain: "cloudapp.example",
    policies: [shop],
    publish: { address: "127.0.0.1", port },
});

export const name = dns.fqdn(shop);
export const status = dns.status;
