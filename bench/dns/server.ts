/** A server of names on a port of the loopback. */
export interface Server {
    readonly port: number;
    /** Processes that answer. */
    pids(): number[];
    end(): Promise<void>;
}

export const DOMAIN = "trafficmanager.example";
export const ADDRESSES = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];

/** What all need of a zone, in a master file; its names follow. */
export const ZONE_HEAD = `$ORIGIN ${DOMAIN}.
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
ns1 A 198.51.100.53
`;
