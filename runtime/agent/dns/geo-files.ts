import fs from "node:fs/promises";
import path from "node:path";
import type { Place } from "../../../model/dns/countries";
import { geoFileName } from "../../../model/dns/control";
import { GeoDatabase } from "../../dns/geo/database";

/** The databases of where clients are, by content hash. The provider puts them there before it applies. */
export class GeoFiles {
    private opened?: { readonly hash: string; readonly database: Promise<GeoDatabase> };

    constructor(private readonly directory: string) {}

    /** Tells where addresses are; nobody is anywhere without a database. */
    async placeOf(hash: string | undefined): Promise<(address: string) => Place | undefined> {
        if (hash === undefined) return () => undefined;
        if (this.opened?.hash !== hash) {
            const database = GeoDatabase.open(path.join(this.directory, geoFileName(hash)));
            database.catch(() => delete this.opened);
            this.opened = { hash, database };
        }
        const database = await this.opened.database;
        return (address) => database.placeOf(address);
    }

    /** Removes those that nothing names any more, and uploads that were cut off. */
    async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
        const kept = new Set([...hashes].map(geoFileName));
        for (const file of await fs.readdir(this.directory).catch(() => []))
            if (/^[0-9a-f]+\.mmdb(?:\.part)?$/.test(file) && !kept.has(file))
                await fs.rm(path.join(this.directory, file));
    }
}
