import type * as pulumi from "@pulumi/pulumi";

/** Ports of a Docker host that lead to a VIP. */
export interface PublishArgs {
    /**
     * IPv4 address of the Docker host on which the ports are open.
     *
     * @default "0.0.0.0": every address of the host, also those that others can reach
     * @example "127.0.0.1"
     */
    address?: pulumi.Input<string>;

    /**
     * The ports, 1 to 65535: `80`, `"8080:80"` (port of the host : public port), `"5000-5010"` (a range),
     * each with `/udp` where it is not tcp (`"53/udp"`).
     *
     * @example [80, "8443:443", "5000-5010/udp"]
     */
    ports: pulumi.Input<pulumi.Input<number | string>[]>;
}
