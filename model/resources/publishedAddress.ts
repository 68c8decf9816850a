/** A port of the Docker host that leads to the virtual IP. */
export interface PublishedAddress {
    /** Of the Docker host; `0.0.0.0` is every address that it has. */
    readonly address: string;
    /** Of the Docker host. */
    readonly port: number;
    /** Of the virtual IP. */
    readonly publicPort: number;
    /** Of both. */
    readonly protocol: "tcp" | "udp";
}
