import type { Coordinates } from "./location";

const EARTH_RADIUS_KM = 6371;

/** Along the surface (haversine). */
export function distanceKm(from: Coordinates, to: Coordinates): number {
    const [latitude, otherLatitude] = [radians(from.latitude), radians(to.latitude)];
    const rise = Math.sin((otherLatitude - latitude) / 2) ** 2;
    const turn = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
    const half = rise + Math.cos(latitude) * Math.cos(otherLatitude) * turn;
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half)));
}

function radians(degrees: number): number {
    return (degrees * Math.PI) / 180;
}
