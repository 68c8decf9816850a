/** What Docker reports while it pulls: of each layer, far more often than anybody reads. */
export interface PullLine {
    readonly id?: string;
    readonly status?: string;
    readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

interface Layer {
    loaded: number;
    total: number;
    isLoaded: boolean;
    isDone: boolean;
}

const LAYER = /^(Pulling fs layer|Waiting|Downloading|Verifying|Download complete|Extracting|Pull complete|Already)/;

/** How far a pull is, in one line. */
export class PullProgress {
    readonly #layers = new Map<string, Layer>();

    hear({ id, status = "", progressDetail: { current = 0, total = 0 } = {} }: PullLine): void {
        if (id === undefined || !LAYER.test(status)) return;
        const layer = this.#layers.get(id) ?? { loaded: 0, total: 0, isLoaded: false, isDone: false };
        this.#layers.set(id, layer);
        if (status === "Downloading") Object.assign(layer, { loaded: current, total });
        layer.isDone ||= /^(Pull complete|Already)/.test(status);
        layer.isLoaded ||= layer.isDone || /^(Download complete|Extracting)/.test(status);
        if (layer.isLoaded) layer.loaded = layer.total;
    }

    /** `3 of 7 layers, 45.2 MB, unpacking`; empty before there is anything to tell. */
    get line(): string {
        const layers = [...this.#layers.values()];
        if (layers.length === 0) return "";
        const done = layers.filter(({ isDone }) => isDone).length;
        const loaded = layers.reduce((sum, layer) => sum + layer.loaded, 0);
        const unpacks = done < layers.length && layers.every(({ isLoaded }) => isLoaded);
        return [
            `${done} of ${layers.length} layers`,
            ...(loaded > 0 ? [`${(loaded / 1e6).toFixed(1)} MB`] : []),
            ...(unpacks ? ["unpacking"] : []),
        ].join(", ");
    }
}
