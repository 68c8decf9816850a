/** A protocol with its ports, to be spread into the arguments of an `Endpoint` or a `LoadBalancedSet`. */
export interface WellKnownPort<Protocol extends "tcp" | "udp" = "tcp" | "udp"> {
    /** `"tcp"` or `"udp"`. */
    readonly protocol: Protocol;
    /** Port on the VIP; where another one is wanted, name it after the spread. */
    readonly publicPort: number;
    /** Port on the virtual machine. */
    readonly privatePort: number;
}

/**
 * The predefined endpoints of Azure's portal, with the ports that IANA lists for them
 * (https://www.iana.org/assignments/service-names-port-numbers).
 *
 * @example
 * ```ts
 * const ssh = new switchyard.Endpoint("ssh", {
 *     virtualMachine: web1,
 *     ...switchyard.wellKnown.ssh,
 *     publicPort: 2201,
 * });
 * ```
 */
export const wellKnown = {
    /** Remote Desktop: tcp 3389. */
    rdp: tcp(3389),
    /** Secure Shell: tcp 22. */
    ssh: tcp(22),
    /** Remote PowerShell over https: tcp 5986. */
    powershell: tcp(5986),
    /** The control connection of file transfer (each file takes a port of its own): tcp 21. */
    ftp: tcp(21),
    /** Microsoft SQL Server: tcp 1433. */
    mssql: tcp(1433),
    /** MySQL: tcp 3306. */
    mysql: tcp(3306),
    /** The web: tcp 80. */
    http: tcp(80),
    /** The web over TLS: tcp 443. */
    https: tcp(443),
    /** Mail between servers: tcp 25. */
    smtp: tcp(25),
    /** Mail from its senders, over TLS: tcp 465. */
    smtps: tcp(465),
    /** Directories: tcp 389. */
    ldap: tcp(389),
    /** Mailboxes: tcp 143. */
    imap: tcp(143),
    /** Mailboxes over TLS: tcp 993. */
    imaps: tcp(993),
    /** Collecting mail: tcp 110. */
    pop3: tcp(110),
    /** Collecting mail over TLS: tcp 995. */
    pop3s: tcp(995),
    /** Telephony: udp 5060. */
    sip: udp(5060),
    /** Telephony over TLS: tcp 5061. */
    sips: tcp(5061),
    /** Names; what does not fit a datagram is asked again by `dnsOverTcp`, so serve both: udp 53. */
    dns: udp(53),
    /** Names, where an answer does not fit a datagram: tcp 53. */
    dnsOverTcp: tcp(53),
} as const;

function tcp(port: number): WellKnownPort<"tcp"> {
    return Object.freeze({ protocol: "tcp", publicPort: port, privatePort: port });
}

function udp(port: number): WellKnownPort<"udp"> {
    return Object.freeze({ protocol: "udp", publicPort: port, privatePort: port });
}
