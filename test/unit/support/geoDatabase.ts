import { addressToNumber, familyOf } from "../../../model/dns/subnet";
import { encodeDatabase, NOWHERE, type Data } from "../../../runtime/dns/geo/encode";

const map = (entries: Readonly<Record<string, Data>>): Data => new Map(Object.entries(entries));

/** How databases say where a place is: `US` or `US-CA`. */
export const FORMS: Readonly<Record<string, (place: string) => Data>> = {
    "GeoIP2 Country": (place) =>
        map({ country: map({ iso_code: place.slice(0, 2), geoname_id: { bits: 32, value: 7 } }) }),
    "GeoIP2 City": (place) =>
        map({
            city: map({ names: map({ en: "Somewhere" }) }),
            country: map({ iso_code: place.slice(0, 2) }),
            ...(place.length > 2 && {
                subdivisions: [map({ iso_code: place.slice(3) }), map({ iso_code: "inner" })],
            }),
        }),
    "ip-location-db": (place) => map({ country_code: place.slice(0, 2) }),
};

/** A file of MaxMind's DB format; of networks within each other, the inner ones come later. */
export function geoDatabase(places: Readonly<Record<string, string>>, form = FORMS["GeoIP2 City"]!): Buffer {
    const left: number[] = [NOWHERE];
    const right: number[] = [NOWHERE];
    const entries = [...new Set(Object.values(places))];
    for (const [network, place] of Object.entries(places)) {
        const [base, prefix] = network.split("/") as [string, string];
        const length = familyOf(base) === 4 ? 96 + Number(prefix) : Number(prefix);
        const bits = addressToNumber(base).toString(2).padStart(128, "0").slice(0, length);
        let node = 0;
        [...bits].forEach((bit, depth) => {
            const side = bit === "1" ? right : left;
            const branch = side[node]!;
            if (depth === length - 1) side[node] = -1 - entries.indexOf(place);
            else if (branch >= 0 && branch !== NOWHERE) node = branch;
            else {
                // What held for the whole holds for both halves.
                left.push(branch);
                right.push(branch);
                node = side[node] = left.length - 1;
            }
        });
    }
    return encodeDatabase({ count: left.length, left, right }, entries.map(form), 6);
}
