// The three facts of a JPEG's EXIF that are asked for: when it was taken, latitude, longitude. What is not there, or odd, is left out.
const ASCII = 2;
const RATIONAL = 5;
const POINTERS = { exif: 0x8769, gps: 0x8825 };
const TAKEN = 0x9003;

/** Where the TIFF part of the EXIF segment begins, or -1. */
function tiffStart(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return -1;
  let at = 2;
  while (at + 10 < view.byteLength && view.getUint8(at) === 0xff) {
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    at += 2 + view.getUint16(at + 2);
  }
  return -1;
}

/** Tag -> value of one directory: text, a list of rationals as numbers, or the number itself (pointers). */
function directory(view, start, at, little) {
  const found = {};
  const count = view.getUint16(start + at, little);
  for (let n = 0; n < count; n += 1) {
    const entry = start + at + 2 + n * 12;
    const [tag, type, size] = [view.getUint16(entry, little), view.getUint16(entry + 2, little), view.getUint32(entry + 4, little)];
    if (type === ASCII) {
      const from = size > 4 ? start + view.getUint32(entry + 8, little) : entry + 8;
      found[tag] = String.fromCharCode(...new Uint8Array(view.buffer, from, Math.min(size, 64))).replace(/\0.*$/s, "");
    } else if (type === RATIONAL && size <= 3) {
      const from = start + view.getUint32(entry + 8, little);
      found[tag] = Array.from({ length: size }, (_, i) => view.getUint32(from + i * 8, little) / view.getUint32(from + i * 8 + 4, little));
    } else {
      found[tag] = view.getUint32(entry + 8, little);
    }
  }
  return found;
}

function degrees(parts, reference) {
  if (parts?.length !== 3) return undefined;
  const value = parts[0] + parts[1] / 60 + parts[2] / 3600;
  return Number.isFinite(value) ? (["S", "W"].includes(reference) ? -value : value).toFixed(5) : undefined;
}

/** {taken_at, latitude, longitude}, as far as the file says. EXIF times carry no zone: the phone's own is meant. */
export function readExif(buffer) {
  const facts = {};
  try {
    const view = new DataView(buffer);
    const start = tiffStart(view);
    if (start < 0) return facts;
    const little = view.getUint16(start) === 0x4949;
    const main = directory(view, start, view.getUint32(start + 4, little), little);
    const exif = main[POINTERS.exif] ? directory(view, start, main[POINTERS.exif], little) : {};
    const gps = main[POINTERS.gps] ? directory(view, start, main[POINTERS.gps], little) : {};
    const [, day, time] = /^(\d{4}:\d{2}:\d{2}) (\d{2}:\d{2}:\d{2})/.exec(exif[TAKEN] ?? "") ?? [];
    const taken = day ? new Date(`${day.replaceAll(":", "-")}T${time}`) : null;
    if (taken && !Number.isNaN(taken.getTime())) facts.taken_at = taken.toISOString();
    const [latitude, longitude] = [degrees(gps[2], gps[1]), degrees(gps[4], gps[3])];
    if (latitude && longitude) Object.assign(facts, { latitude, longitude });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // cut short, or lying about its own lengths
  }
  return facts;
}
