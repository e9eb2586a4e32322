// What the kept forms share: filled from what the phone keeps, saved there at every change (any number of drafts), put into the queue instead of being sent.
import { fill, read, say } from "../modules/draft.js";
import { debounce, icon, make } from "../modules/dom.js";
import { newId } from "../modules/client-id.js";
import { clockIsWrong, portalDay } from "./line.js";
import { asPhoto } from "./queue.js";
import { change, facts, keep } from "./store.js";
import { notice, showConditions } from "./notices.js";
import { who } from "../modules/who.js";

const OUTBOX = "/visits/outbox/";

function photosNow(form, old) {
  const known = new Map(old.map((photo) => [photo.file, photo]));
  return [...form.querySelector("[name=photos]").files].map((file) => known.get(file) ?? { ...asPhoto(file), file });
}

function showErrors(form, fields, targetOf) {
  for (const old of form.querySelectorAll("[data-said]")) old.remove();
  const list = form.querySelector("[data-error-list]");
  list.replaceChildren();
  for (const [name, words] of Object.entries(fields)) {
    const control = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const field = control?.closest(".field, .check-row");
    field?.append(make("p", { class: "error", "data-said": true }, icon("warn"), make("span", {}, words)));
    list.append(make("li", {}, make("a", { href: `#${targetOf?.(name) ?? control?.id ?? form.id}` }, words)));
  }
  const box = form.querySelector("[data-form-errors]");
  box.hidden = !list.children.length;
  if (!box.hidden) box.focus();
}

/** The first time on this phone: the data come with the line. */
function waitForData(address) {
  notice("no-data");
  const asked = new URLSearchParams(location.search);
  if (asked.has("again")) return;
  asked.set("again", "1");
  import("./line.js").then(async ({ checkIn }) => {
    if ((await checkIn(who().id)).state === "ok") location.replace(`${address}?${asked}`);
  });
}

/**
 * Runs a kept form. `kind`: of the item in the queue; `address`: the form's own; `dayField`: the field that cannot lie ahead.
 * `canFill(content)`: whether the phone keeps what the form needs; `offer(content, found)`: choices, before a draft is filled in;
 * `begin(content, known)`: the first values of a new one; `restore(content, found)`: what a draft's values do not bring;
 * `describe(values)`: {label}; `missing(values, today)`: field -> words; `fieldOf(name, values)`: the form's field for one of the API's; `targetOf(name)`: where an error leads.
 */
export async function keepForm(form, hooks) {
  showConditions();
  const person = who();
  if (!person) return notice("nobody");
  const known = await facts(person.id);
  if (!known || !hooks.canFill(known.content)) return waitForData(hooks.address);
  const { content } = known;
  const asked = new URLSearchParams(location.search);

  const id = asked.get("item") ?? newId();
  // Opened to be changed: it does not go out meanwhile.
  const found = await change(person.id, id, (now) => (now.state === "waiting" && !now.stored ? { state: "draft" } : {}));
  if (found?.stored || ["sending", "sent"].includes(found?.state)) return location.replace(OUTBOX);
  hooks.offer(content, found);
  let mine = found ?? { id, kind: hooks.kind, state: "draft", made_at: Date.now(), photos: [] };
  form.querySelector("[name=id]").value = id;
  const day = form.querySelector(`[name=${hooks.dayField}]`);
  if (found?.values) {
    fill(form, found.values);
    hooks.restore?.(content, found);
    // As files, so that what stands in the list and what is kept stay the same things.
    mine.photos = found.photos.map((photo) => ({ ...photo, file: new File([photo.blob], photo.name, { type: photo.blob.type }) }));
    if (found.error) showErrors(form, Object.fromEntries(Object.entries(found.error.fields).map(([name, words]) => [hooks.fieldOf(name, found.values), words])), hooks.targetOf);
  } else {
    day.value = portalDay(known);
    hooks.begin(content, asked);
  }
  day.max = portalDay(known);
  if (clockIsWrong(known)) notice("clock", portalDay(known));
  form.hidden = false;
  form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
  if (mine.photos.length) form.querySelector("[data-module~=photos]").dispatchEvent(new CustomEvent("photos:put", { detail: mine.photos.map((photo) => photo.file) }));
  history.replaceState(null, "", `${hooks.address}?item=${id}`);

  let last = Promise.resolve();
  const save = (state) => {
    const values = read(form);
    const photos = photosNow(form, mine.photos);
    mine = { ...mine, ...hooks.describe(values), state, values, photos, day: values[hooks.dayField]?.[0] ?? "", error: null, conflict: null };
    const kept = { ...mine, photos: photos.map(({ file, ...photo }) => photo) };
    // One after the other: the last one written is the last one typed.
    last = last.then(() => keep(person.id, kept));
    return last;
  };
  let sent = false;
  const saveDraft = () => !sent && save("draft").then(() => say("草稿已存"));
  const soon = debounce(250, saveDraft);
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("photos:changed", soon);
  addEventListener("pagehide", () => mine.values && saveDraft());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sent) return;
    const wrong = hooks.missing(read(form), portalDay(await facts(person.id)));
    showErrors(form, wrong, hooks.targetOf);
    if (Object.keys(wrong).length) return;
    sent = true;
    await save("waiting");
    location.assign(OUTBOX);
  });
}
