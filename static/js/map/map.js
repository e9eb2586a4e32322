// A map without a map: stations on plain ground, moved by finger, wheel or keys. Nothing is fetched from anybody else, and nothing of the phone is told.
import { make } from "../modules/dom.js";
import { TILE, project, unproject } from "./mercator.js";
import { Painter, reach } from "./paint.js";
import { Tiles } from "./tiles.js";

const FAR = 5;
const NEAR = 17;
const AROUND = 14; // zoom at which a walk of a quarter of an hour fills a phone
const EARLY = 0.3; // how much before a whole zoom its tiles are drawn: later and circles lie far apart, earlier and they touch
const STEP = 80; // px an arrow key moves
const THUMB = 26; // px around a tap
const SLIP = 6; // px a finger may slip in a tap
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

export function start(element) {
  new StationMap(element).begin();
}

class StationMap {
  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.card = element.querySelector("[data-map-card]");
    this.painter = new Painter(this.canvas);
    this.tiles = new Tiles(element.dataset.tiles, element.dataset.query, () => this.redraw());
    this.fingers = new Map();
    this.chosen = "";
    const [longitude, latitude] = (element.dataset.at || "").split(",").map(Number);
    this.here = latitude ? project(longitude, latitude) : null;
  }

  begin() {
    new ResizeObserver(() => {
      this.painter.fit();
      this.view ??= this.whole();
      this.paint();
    }).observe(this.canvas);
    const on = (name, act, options) => this.canvas.addEventListener(name, act, options);
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => this.lift(event));
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("keydown", (event) => this.key(event));
    for (const [name, act] of Object.entries({
      in: () => this.zoom(1),
      out: () => this.zoom(-1),
      whole: () => this.show(this.whole()),
    })) {
      this.element.querySelector(`[data-map-${name}]`).addEventListener("click", act);
    }
  }

  // Around the phone where that is known, else all the stations there are.
  whole() {
    if (this.here) return { ...this.here, zoom: AROUND };
    const [west, south, east, north] = this.element.dataset.extent.split(",").map(Number);
    const [low, high] = [project(west, south), project(east, north)];
    const { width, height } = this.painter;
    const wanted = Math.min(width / Math.max(high.x - low.x, 1e-6), height / Math.max(low.y - high.y, 1e-6)) / TILE;
    return { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2, zoom: limited(Math.log2(wanted * 0.85)) };
  }

  show(view) {
    this.view = view;
    this.redraw();
  }

  redraw() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = undefined;
      this.paint();
    });
  }

  paint() {
    const { width, height } = this.painter;
    const size = TILE * 2 ** this.view.zoom;
    const { x, y } = this.view;
    const window = { west: x - width / 2 / size, east: x + width / 2 / size, north: y - height / 2 / size, south: y + height / 2 / size };
    this.shown = this.tiles.items(Math.floor(this.view.zoom + EARLY), window);
    this.painter.draw(this.view, this.shown, this.here, this.chosen);
  }

  pan(right, down) {
    const size = TILE * 2 ** this.view.zoom;
    this.show({ ...this.view, x: within(this.view.x + right / size), y: within(this.view.y + down / size) });
  }

  // Closer or further, the place under `spot` (px from the middle) staying where it is.
  zoom(steps, [right, down] = [0, 0]) {
    const size = TILE * 2 ** this.view.zoom;
    const zoom = limited(this.view.zoom + steps);
    const left = 1 / size - 1 / (TILE * 2 ** zoom);
    this.show({ x: within(this.view.x + right * left), y: within(this.view.y + down * left), zoom });
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, event);
    this.pressed = this.fingers.size === 1 ? event : null;
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const others = [...this.fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
    this.fingers.set(event.pointerId, event);
    if (this.pressed && apart(this.pressed, event) < SLIP) return;
    if (this.pressed) {
      this.pressed = null;
      return; // from here on it moves; the slip itself is not made up for
    }
    if (!others.length) {
      this.pan(before.clientX - event.clientX, before.clientY - event.clientY);
      return;
    }
    const [still] = others;
    this.zoom(Math.log2(Math.max(apart(still, event), 1) / Math.max(apart(still, before), 1)), this.middle(still, event));
    this.pan((before.clientX - event.clientX) / 2, (before.clientY - event.clientY) / 2);
  }

  lift(event) {
    this.fingers.delete(event.pointerId);
    if (this.pressed && event.type === "pointerup") this.tap(this.middle(event, event));
    this.pressed = null;
  }

  wheel(event) {
    event.preventDefault();
    this.zoom(-event.deltaY / (event.deltaMode ? 8 : 240), this.middle(event, event));
  }

  key(event) {
    if (event.key in KEYS) this.pan(...KEYS[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1);
    else if (event.key === "-") this.zoom(-1);
    else if (event.key === "Enter") this.tap([0, 0], true);
    else return;
    event.preventDefault();
  }

  // From the middle of the map to the point between two fingers.
  middle(one, other) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(one.clientX + other.clientX) / 2 - left - width / 2, (one.clientY + other.clientY) / 2 - top - height / 2];
  }

  // Picks the nearest of what lies under `spot`; with `anywhere` the nearest of all.
  tap([right, down], anywhere = false) {
    const size = TILE * 2 ** this.view.zoom;
    let best;
    let least = Infinity;
    for (const item of this.shown.items) {
      const lift = item.count > 1 ? 0 : 12; // a drop stands above its place
      const away = Math.hypot((item.x - this.view.x) * size - right, (item.y - this.view.y) * size - lift - down);
      if (away < least && (anywhere || away < Math.max(THUMB, reach(item.count)))) [best, least] = [item, away];
    }
    if (!best) return;
    if (best.count > 1 && this.view.zoom < NEAR) this.show({ x: best.x, y: best.y, zoom: limited(this.view.zoom + 2) });
    else this.choose(best);
  }

  choose(item) {
    this.chosen = item.code ?? "";
    const { longitude, latitude } = unproject(item);
    const around = `?at=${longitude.toFixed(3)},${latitude.toFixed(3)}`;
    this.card.replaceChildren(
      item.code
        ? make("a", { href: `${this.element.dataset.page}${item.code}/` }, make("b", {}, item.label), make("span", {}, item.open ? "现在开放" : "现在不开放"))
        : make("a", { href: around }, make("b", {}, `这里有 ${item.count} 个驿站`), make("span", {}, "按距离列出")),
    );
    this.card.hidden = false;
    this.redraw();
  }
}

function limited(zoom) {
  return Math.min(NEAR, Math.max(FAR, zoom));
}

function within(value) {
  return Math.min(1, Math.max(0, value));
}

function apart(one, other) {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}
