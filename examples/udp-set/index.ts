import * as switchyard from "pulumi-switchyard";

const contoso = new switchyard.CloudService("contoso");

// The gallery's echo service, on tcp port 7, and beside it four udp ports that send back what they receive with the
// machine's name and their own number before it.
const command = `
    for port in 5000 5001 5002 5003; do
        PORT=$port socat UDP-RECVFROM:$port,fork EXEC:answer &
    done
    echo-service & wait -n`;
const answer = `#!/bin/sh
sed "s/^/$HOSTNAME $PORT: /"
`;
const media = ["media1", "media2"].map(
    (name) =>
        switchyard.VirtualMachine.fromGallery(name, {
            image: "echo",
            cloudService: contoso,
            command: ["bash", "-c", command],
            userData: { "/usr/local/bin/answer": { content: answer, mode: "0755" } },
        }).virtualMachine,
);

const rtp = new switchyard.LoadBalancedSet("rtp", {
    protocol: "udp",
    publicPort: "5000-5003",
    virtualMachines: media,
    // A udp port that is silent may be well, so the probe asks a tcp port of the same machine.
    probe: { protocol: "tcp", port: 7, intervalSeconds: 1 },
});

new switchyard.LoadBalancer("contoso", { cloudService: contoso, endpoints: [rtp] });

export const virtualIp = contoso.virtualIp;
