// The plane the map is drawn on: web Mercator, the world as a square from 0 to 1, cut into tiles of TILE px. stations/mercator.py is the same in Python.
export const TILE = 512;
const EQUATOR = 40075016.686;

export function project(longitude, latitude) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function unproject({ x, y }) {
  return { longitude: (x - 0.5) * 360, latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI };
}

// Metres on the ground for the whole width of the square, at that height of it.
export function metresAcross(y) {
  return EQUATOR / Math.cosh(Math.PI * (1 - 2 * y));
}
