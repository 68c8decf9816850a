/** Plain functions, so that unit tests can ask them too: of a resource's inputs they say what is against a rule. */
module.exports = [
    {
        name: "no-ssh-for-everyone",
        description: "Port 22 of a machine is for those whom its acl permits.",
        // What the gateway will serve, pools and defaults resolved.
        type: "LoadBalancer",
        violations: ({ endpoints = {}, loadBalancedSets = {} }) =>
            Object.entries({ ...endpoints, ...loadBalancedSets })
                .filter(([, { protocol, privatePort, acl }]) => {
                    return protocol === "tcp" && holds(privatePort, 22) && permitsEveryone(acl);
                })
                .map(([name]) => `${name} opens port 22 to everyone; give it an acl that permits some`),
    },
    {
        name: "sets-have-probes",
        description: "A load-balanced set sends nobody to a machine that is down.",
        type: "LoadBalancer",
        violations: ({ loadBalancedSets = {} }) =>
            Object.entries(loadBalancedSets)
                .filter(([, { probe }]) => probe.protocol === "none")
                .map(([name]) => `load-balanced set ${name} has no probe`),
    },
    {
        name: "images-are-pinned",
        description: "What a machine runs does not change by itself.",
        type: "VirtualMachine",
        violations: ({ image }) =>
            isPinned(image) ? [] : [`image ${image} has neither a digest nor a tag other than latest`],
    },
];

/** A port, or a range such as "20-30". */
function holds(ports, port) {
    const [first, last = first] = String(ports).split("-").map(Number);
    return first <= port && port <= last;
}

/** As the gateway has it: without rules all may connect, and so may those whom no rule of a mere blocklist names. */
function permitsEveryone(acl = {}) {
    const permits = Object.values(acl).filter(({ action }) => action === "permit");
    return permits.length === 0 || permits.some(({ remoteSubnet }) => remoteSubnet.endsWith("/0"));
}

function isPinned(image) {
    if (/@sha256:|^sha256:/.test(image)) return true;
    const [, tag] = image.split("/").pop().split(":");
    return tag !== undefined && tag !== "latest";
}
