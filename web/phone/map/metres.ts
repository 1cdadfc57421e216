/** Lengths on the ground, as far as a city needs them. */

export const DEGREE_M = 111_320;

/** Metres between two points. */
export function metresBetween(
  a: { lat: number; lng: number },
  b: { lat: number; lng: number },
): number {
  const middle = (((a.lat + b.lat) / 2) * Math.PI) / 180;
  return Math.hypot(a.lat - b.lat, (a.lng - b.lng) * Math.cos(middle)) * DEGREE_M;
}

/** A point so many metres east and north of another. */
export function moved(lat: number, lng: number, east: number, north: number) {
  const scale = Math.cos((lat * Math.PI) / 180);
  return { lat: lat + north / DEGREE_M, lng: lng + east / DEGREE_M / scale };
}
