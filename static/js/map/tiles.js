// What stands on the map, by tiles: fetched once, kept, and laid out so that no two circles lie upon each other.
import { TILE } from "./mercator.js";

const GRAIN = 4096; // steps a tile's own coordinates have
const KEPT = 160; // tiles
const APART = 50; // px between the middles of two circles
const REST = 90; // ms without movement before tiles are asked for

export class Tiles {
  constructor(address, query, changed) {
    this.address = address;
    this.query = query;
    this.changed = changed;
    this.kept = new Map(); // key -> content; null while it is on its way
    this.laid = { key: "", items: [], labels: [] };
    this.timer = 0;
  }

  // Everything in the window at that whole zoom; while tiles are on their way, what was drawn last.
  items(zoom, window) {
    const wanted = names(zoom, window);
    const missing = wanted.filter((name) => !this.kept.has(name));
    if (missing.length) this.ask(missing);
    const here = wanted.filter((name) => this.kept.get(name));
    const key = here.join();
    if (key === this.laid.key || (here.length < wanted.length && this.laid.zoom !== zoom && this.laid.key)) return this.laid;
    const tiles = here.map((name) => this.kept.get(name));
    this.laid = { key, zoom, items: apart(tiles.flatMap((tile) => tile.items), zoom), labels: tiles.flatMap((tile) => tile.labels) };
    return this.laid;
  }

  ask(missing) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      for (const name of missing) this.fetch(name);
    }, REST);
  }

  async fetch(name) {
    if (this.kept.has(name)) return;
    this.kept.set(name, null);
    try {
      const response = await fetch(`${this.address}${name}/?${this.query}`);
      if (!response.ok) throw new Error(response.status);
      this.kept.set(name, read(name, await response.json()));
    } catch {
      this.kept.delete(name); // asked for again at the next movement
      return;
    }
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    this.changed();
  }
}

function names(zoom, { west, north, east, south }) {
  const across = 2 ** zoom;
  const found = [];
  for (let x = Math.max(0, Math.floor(west * across)); x <= Math.min(across - 1, Math.floor(east * across)); x++) {
    for (let y = Math.max(0, Math.floor(north * across)); y <= Math.min(across - 1, Math.floor(south * across)); y++) found.push(`${zoom}/${x}/${y}`);
  }
  return found;
}

function read(name, { clusters, stations, labels }) {
  const [zoom, column, row] = name.split("/").map(Number);
  const place = (x, y) => ({ x: (column + x / GRAIN) / 2 ** zoom, y: (row + y / GRAIN) / 2 ** zoom });
  return {
    items: [
      ...clusters.map(([x, y, count]) => ({ ...place(x, y), count })),
      ...stations.map(([x, y, code, label, open]) => ({ ...place(x, y), count: 1, code, label, open: Boolean(open) })),
    ],
    labels: labels.map(([x, y, label]) => ({ ...place(x, y), label })),
  };
}

// Circles nearer than APART become one at their common middle; the larger ones first, so that they draw the others in.
function apart(items, zoom) {
  const near = APART / (TILE * 2 ** zoom);
  const laid = [];
  for (const item of [...items].sort((one, other) => other.count - one.count)) {
    const host = laid.find((other) => crowded(item, other, near));
    if (!host) {
      laid.push({ ...item });
      continue;
    }
    const count = host.count + item.count;
    Object.assign(host, {
      x: (host.x * host.count + item.x * item.count) / count,
      y: (host.y * host.count + item.y * item.count) / count,
      count,
      code: undefined,
      label: undefined,
    });
  }
  return laid;
}

// Two single stations may stand closer to each other than two circles with a number in them.
function crowded(one, other, near) {
  const limit = one.count === 1 && other.count === 1 ? near / 2 : near;
  return Math.hypot(one.x - other.x, one.y - other.y) < limit;
}
