// Photos are shrunk in the browser (longest side 1600 px, JPEG) before upload: faster on a factory's signal, and the EXIF with the place is gone.
// Other files pass as they are. Several selections add up; each shows a preview and can be taken out.
import { icon, make } from "./dom.js";

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

const size = (bytes) => (bytes > 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`);

export function start(root) {
  const input = root.querySelector("input[type=file]");
  const list = root.querySelector("[data-photo-list]");
  const complaint = root.querySelector("[data-photo-error]");
  const form = input.form;
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
          make("span", { class: "cap" }, `${file.name} · ${size(file.size)}`),
          make("button", { type: "button", "aria-label": `去掉 ${file.name}`, onclick: () => take(file) }, icon("close"))
        )
      )
    );
  }

  function take(file) {
    kept = kept.filter((each) => each !== file);
    put();
    input.focus();
  }

  function complain(words) {
    complaint.replaceChildren(...(words ? [icon("warn"), make("span", {}, words)] : []));
    complaint.hidden = !words;
  }

  input.addEventListener("change", () => {
    const fresh = [...input.files];
    complain("");
    working = working.then(async () => {
      root.setAttribute("aria-busy", "true");
      for (const file of fresh) {
        const small = await shrink(file);
        if (small.size > MOST_BYTES) complain(`“${file.name}”超过 20 MB，没有加入`);
        else if (input.multiple) kept.push(small);
        else kept = [small];
      }
      put();
      root.removeAttribute("aria-busy");
    });
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
