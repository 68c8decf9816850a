/** Where a probe asks. */
export interface Target {
    readonly address: string;
    readonly port: number;
}
