import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as switchyard from "pulumi-switchyard";

const { port, image } = JSON.parse(readFileSync(`${pulumi.getStack()}.json`, "utf8"));

const service = new switchyard.CloudService("service", { publish: { address: "127.0.0.1", ports: [`${port}:80`] } });
const web = new switchyard.VirtualMachine("web", { cloudService: service, image });
const http = new switchyard.Endpoint("http", {
    virtualMachine: web,
    protocol: "tcp",
    publicPort: 80,
    privatePort: 8080,
});
new switchyard.LoadBalancer("service", { cloudService: service, endpoints: [http] });

export const virtualIp = service.virtualIp;
