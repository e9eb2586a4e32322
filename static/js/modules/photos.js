// Photos are shrunk in the browser (longest side 1600 px, JPEG) before upload: faster on a factory's signal, and the EXIF with the place is gone.
// Other files pass as they are. Several selections add up; each shows a preview and can be taken out.
// With [data-photo-facts] ticked, when and where each was taken is noted beside it (see photo-facts.js); a second input [data-photo-camera] opens the camera at once.
import { icon, make } from "./dom.js";
import { askPlace, readFacts } from "./photo-facts.js";

const LONGEST = 1600;
const QUALITY = 0.82;
const MOST_BYTES = 20 * 1024 * 1024;

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // a kind this browser cannot read: the server judges it
  }
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) return file;
  return new File([blob], file.name.replace(/\.[^.]+$/, "") + ".jpg", { type: "image/jpeg", lastModified: Date.now() });
}

const known = new WeakMap();

/** When and where a photo was taken, where the cadre agreed: {taken_at, latitude, longitude}, as far as known. */
export const factsOf = (file) => known.get(file) ?? {};

const size = (bytes) => (bytes > 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`);

export function start(root) {
  const input = root.querySelector("input[type=file]:not([data-photo-camera])");
  const list = root.querySelector("[data-photo-list]");
  const complaint = root.querySelector("[data-photo-error]");
  const form = input.form;
  const camera = root.querySelector("[data-photo-camera]");
  const agreed = root.querySelector("[data-photo-facts]");
  let kept = [];
  let working = Promise.resolve();

  function put() {
    const box = new DataTransfer();
    for (const file of kept) box.items.add(file);
    input.files = box.files;
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(
      ...kept.map((file) =>
        make(
          "li",
          {},
          file.type.startsWith("image/") ? make("img", { src: URL.createObjectURL(file), alt: file.name }) : icon("report"),
          ...(agreed ? ["taken_at", "latitude", "longitude"].map((name) => make("input", { type: "hidden", name: `photo_${name}`, value: factsOf(file)[name] ?? "", "data-never-kept": true })) : []),
          make("span", { class: "cap" }, `${file.name} · ${size(file.size)}`),
          make("button", { type: "button", "aria-label": `去掉 ${file.name}`, onclick: () => take(file) }, icon("close"))
        )
      )
    );
  }

  function take(file) {
    kept = kept.filter((each) => each !== file);
    put();
    root.dispatchEvent(new Event("photos:changed", { bubbles: true }));
    input.focus();
  }

  function complain(words) {
    complaint.replaceChildren(...(words ? [icon("warn"), make("span", {}, words)] : []));
    complaint.hidden = !words;
  }

  function add(fresh, fromCamera) {
    complain("");
    working = working.then(async () => {
      root.setAttribute("aria-busy", "true");
      for (const file of fresh) {
        const facts = agreed?.checked ? await readFacts(file, fromCamera) : {};
        const small = await shrink(file);
        known.set(small, facts);
        if (small.size > MOST_BYTES) complain(`“${file.name}”超过 20 MB，没有加入`);
        else if (input.multiple) kept.push(small);
        else kept = [small];
      }
      put();
      root.removeAttribute("aria-busy");
      root.dispatchEvent(new Event("photos:changed", { bubbles: true }));
    });
  }

  input.addEventListener("change", () => add([...input.files], false));
  camera?.addEventListener("change", () => {
    add([...camera.files], true);
    camera.value = "";
  });
  // Asked while the finger is still on the tick: later, in the workshop, the question would only be in the way.
  agreed?.addEventListener("change", () => agreed.checked && askPlace());
  // Photos that were shrunk before, put back.
  root.addEventListener("photos:put", (event) => {
    kept = [...event.detail];
    put();
  });

  // A send while photos are still being shrunk waits for them.
  form?.addEventListener(
    "submit",
    (event) => {
      if (!root.hasAttribute("aria-busy")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      working.then(() => form.requestSubmit(submitter));
    },
    { capture: true }
  );
}
