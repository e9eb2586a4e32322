// One picture of the map: ground, the circle of a walk around the phone, townships' names, circles with numbers, stations, the scale.
import { TILE, metresAcross } from "./mercator.js";

const WALK = 1000; // metres: a quarter of an hour on foot
const COLOURS = ["line-2", "ink", "ink-2", "card", "brand", "ok", "idle", "link", "link-tint", "link-line"];
const NAMED = 15; // zoom from which single stations carry their names

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    const styles = getComputedStyle(canvas);
    this.font = styles.fontFamily;
    this.colours = Object.fromEntries(COLOURS.map((name) => [name, styles.getPropertyValue(`--${name}`).trim()]));
  }

  // Fits the canvas to its place; more than two device pixels a pixel cost more than an old phone has.
  fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    Object.assign(this, { width, height });
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw(view, { items, labels }, here, chosen) {
    const { context, colours, width, height } = this;
    const size = TILE * 2 ** view.zoom;
    const at = ({ x, y }) => [(x - view.x) * size + width / 2, (y - view.y) * size + height / 2];
    const seen = ([x, y]) => x > -40 && x < width + 40 && y > -40 && y < height + 40;
    context.fillStyle = colours["line-2"];
    context.fillRect(0, 0, width, height);
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (here) this.walk(at(here), (WALK * size) / metresAcross(here.y));
    this.names(labels, at, seen);
    const written = [];
    for (const item of items) {
      const spot = at(item);
      if (!seen(spot)) continue;
      if (item.count > 1) this.circle(spot, item.count);
      else this.station(spot, item, item.code === chosen, view.zoom >= NAMED && written);
    }
    if (here) this.dot(at(here));
    this.scale(metresAcross(view.y) / size);
  }

  names(labels, at, seen) {
    const { context, colours } = this;
    context.font = `600 13px ${this.font}`;
    context.fillStyle = colours["ink-2"];
    const written = [];
    for (const { label, ...place } of labels) {
      const spot = at(place);
      if (seen(spot) && free(written, spot, 70, 22)) context.fillText(label, ...spot);
    }
  }

  walk([x, y], radius) {
    const { context, colours } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colours["link-tint"];
    context.fill();
    context.strokeStyle = colours["link-line"];
    context.lineWidth = 1.5;
    context.stroke();
  }

  dot([x, y]) {
    const { context, colours } = this;
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.fillStyle = colours.link;
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = colours.card;
    context.stroke();
  }

  circle([x, y], count) {
    const { context, colours } = this;
    context.beginPath();
    context.arc(x, y, reach(count), 0, 2 * Math.PI);
    context.fillStyle = colours.brand;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = colours.card;
    context.stroke();
    context.fillStyle = colours.card;
    context.font = `600 13px ${this.font}`;
    context.fillText(count, x, y + 1);
  }

  // A drop whose point stands on the place: filled where it is open now, hollow where not.
  station([x, y], item, chosen, written) {
    const { context, colours } = this;
    const radius = chosen ? 11 : 8;
    context.beginPath();
    context.arc(x, y - radius * 1.6, radius, 0.8 * Math.PI, 0.2 * Math.PI);
    context.lineTo(x, y);
    context.closePath();
    context.fillStyle = item.open ? colours.ok : colours.card;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = item.open ? colours.card : colours.idle;
    context.stroke();
    if (!chosen && !(written && free(written, [x, y], 90, 30))) return;
    context.font = `13px ${this.font}`;
    context.lineWidth = 3;
    context.strokeStyle = colours["line-2"];
    context.strokeText(item.label, x, y + 11);
    context.fillStyle = colours.ink;
    context.fillText(item.label, x, y + 11);
  }

  scale(metresAPixel) {
    const { context, colours, height } = this;
    const step = 10 ** Math.floor(Math.log10(metresAPixel * 90));
    const metres = [5, 2, 1].map((times) => times * step).find((length) => length <= metresAPixel * 90);
    const width = metres / metresAPixel;
    context.fillStyle = colours["ink-2"];
    context.fillRect(12, height - 12, width, 2);
    context.font = `12px ${this.font}`;
    context.textAlign = "left";
    context.fillText(metres >= 1000 ? `${metres / 1000} 公里` : `${metres} 米`, 12, height - 22);
  }
}

// Radius of a circle that stands for so many.
export function reach(count) {
  return 13 + 5 * Math.log10(count);
}

// Whether nothing is written so near yet; what is asked for is then taken.
function free(written, [x, y], width, height) {
  if (written.some((other) => Math.abs(other[0] - x) < width && Math.abs(other[1] - y) < height)) return false;
  written.push([x, y]);
  return true;
}
