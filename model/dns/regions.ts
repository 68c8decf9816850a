import type { Coordinates } from "./location";

/** Azure's regions, latitude and longitude of the city or state that each is in. */
const TABLE = `
    australiacentral -35.3 149.1, australiacentral2 -35.3 149.1, australiaeast -33.9 151.2, australiasoutheast -37.8 145.0,
    austriaeast 48.2 16.4, belgiumcentral 50.8 4.4, brazilsouth -23.6 -46.6, brazilsoutheast -22.9 -43.2, canadacentral 43.7 -79.4,
    canadaeast 46.8 -71.2, centralindia 18.6 73.9, centralus 41.6 -93.6, chilecentral -33.4 -70.7, eastasia 22.3 114.2,
    eastus 37.4 -79.0, eastus2 36.7 -78.4, francecentral 46.4 2.4, francesouth 43.8 2.1, germanynorth 53.1 8.8,
    germanywestcentral 50.1 8.7, indonesiacentral -6.2 106.8, israelcentral 31.3 33.5, italynorth 45.5 9.2, japaneast 35.7 139.8,
    japanwest 34.7 135.5, jioindiacentral 21.1 79.1, jioindiawest 22.5 70.1, koreacentral 37.6 127.0, koreasouth 35.2 129.0,
    malaysiawest 3.1 101.7, mexicocentral 20.6 -100.4, newzealandnorth -36.8 174.8, northcentralus 41.9 -87.6, northeurope 53.3 -6.3,
    norwayeast 59.9 10.8, norwaywest 59.0 5.7, polandcentral 52.2 21.0, qatarcentral 25.6 51.4, southafricanorth -25.7 28.2,
    southafricawest -34.1 18.8, southcentralus 29.4 -98.5, southeastasia 1.3 103.8, southindia 13.0 80.2, spaincentral 40.4 -3.7,
    swedencentral 60.7 17.1, swedensouth 55.6 13.0, switzerlandnorth 47.5 8.6, switzerlandwest 46.2 6.1, uaecentral 24.5 54.4,
    uaenorth 25.3 55.3, uksouth 50.9 -0.8, ukwest 53.4 -3.1, westcentralus 40.9 -110.2, westeurope 52.4 4.9, westindia 19.1 72.9,
    westus 37.8 -122.4, westus2 47.2 -119.9, westus3 33.4 -112.1`;

export const REGIONS: Readonly<Record<string, Coordinates>> = Object.fromEntries(
    TABLE.split(",").map((row): [string, Coordinates] => {
        const [name, latitude, longitude] = row.trim().split(" ");
        return [name!, { latitude: Number(latitude), longitude: Number(longitude) }];
    }),
);

type Locations = Readonly<Record<string, Coordinates>>;

/** Whether the configuration or the table says where the location is. */
export function isKnownLocation(location: string, own: Locations): boolean {
    return Object.hasOwn(own, location) || Object.hasOwn(REGIONS, location);
}

/** Where a location is: as the configuration says, else as the table does. */
export function coordinatesIn(own: Locations): (location: string) => Coordinates {
    return (location) => {
        if (!isKnownLocation(location, own)) throw new Error(`nobody knows where ${location} is`);
        return (Object.hasOwn(own, location) ? own : REGIONS)[location]!;
    };
}
