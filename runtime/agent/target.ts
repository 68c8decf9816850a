/** Where a probe asks. */
export interface Target {
    readonly address: string;
    readonly port: number;
}

/** As URLs and people write it: `192.0.2.7:80`, `[2001:db8::7]:80`. */
export function hostAndPort({ address, port }: Target): string {
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
