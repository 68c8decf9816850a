// Every kind of traffic policy's endpoint, and a traffic manager with every optional input that needs no database.
const switchyard = require("pulumi-switchyard");

exports.serve = (service, late) => {
    const inner = new switchyard.TrafficPolicy("inner", {
        method: "Weighted",
        ttlSeconds: late(30),
        endpoints: {
            service: { cloudService: service, alwaysServe: late(true), weight: late(90) },
            other: { hostName: late("www.contoso.com"), alwaysServe: true, enabled: late(false) },
        },
    });
    const shop = new switchyard.TrafficPolicy("shop", {
        method: "Performance",
        prefix: late("shop.contoso"),
        enabled: late(true),
        monitor: {
            protocol: "http",
            port: late(8080),
            path: late("/healthz"),
            headers: { Host: late("shop.contoso.com") },
            expectedStatus: [late("200-299")],
            intervalSeconds: late(10),
            timeoutSeconds: late(5),
            toleratedFailures: late(1),
        },
        endpoints: {
            near: { policy: inner, location: late("eastus"), minChildEndpoints: late(1) },
            far: { hostName: late("far.contoso.com"), alwaysServe: true, location: "rack" },
        },
        fallback: { hostName: late("sorry.contoso.com") },
    });
    new switchyard.TrafficManager("dns", {
        domain: "trafficmanager.example",
        cloudServiceDomain: late("cloudapp.example"),
        policies: [shop],
        servers: {
            ns1: { hostName: late("ns1.contoso.com"), advertisedAddress: late("198.51.100.53") },
        },
        soa: { hostmaster: late("admin.contoso.com"), negativeTtlSeconds: late(10) },
        addressTtlSeconds: late(60),
        latencies: { "203.0.113.0/24": { eastus: late(12) } },
        locations: { rack: { latitude: late(52.5), longitude: late(13.4) } },
        resolvers: [late("192.0.2.53")],
    });
};
