// The kept visit form: filled from what the phone keeps, saved there at every change (any number of drafts), put into the queue instead of being sent.
import { fill, read, say } from "../modules/draft.js";
import { answerFromPhone } from "../modules/combobox.js";
import { debounce, icon, make } from "../modules/dom.js";
import { newId } from "../modules/client-id.js";
import { clockIsWrong, portalDay } from "./line.js";
import { fieldName, issueRows, labelOf, missing } from "./payload.js";
import { asPhoto } from "./queue.js";
import { change, facts, keep } from "./store.js";
import { notice, showConditions } from "./notices.js";
import { search } from "./picker.js";
import { who } from "../modules/who.js";

const OUTBOX = "/visits/outbox/";
const asked = new URLSearchParams(location.search);
const form = document.getElementById("visit-form");

function fillChoices(content) {
  const options = (rows) => rows.map((row) => make("option", { value: row.id }, row.label));
  form.querySelector("[name=township]").append(...options(content.townships));
  if (content.townships.length === 1) form.querySelector("[name=township]").value = content.townships[0].id;
  const rows = form.querySelector("template[data-rows-template]").content;
  for (const select of [...form.querySelectorAll("[name$=-category]"), ...rows.querySelectorAll("[name$=-category]")]) select.append(...options(content.categories));
  document.getElementById("issue-promises").textContent = JSON.stringify(content.promises);
  answerFromPhone(form.querySelector('[data-module~="combobox"]'), (text) => search(content, text));
}

function choose(row) {
  if (!row) return;
  form.querySelector("[name=enterprise]").value = row.id;
  form.querySelector("#id_enterprise_text").value = row.label;
  form.querySelector("[data-issues]").dataset.township = row.township;
}

function photosNow(old) {
  const known = new Map(old.map((photo) => [photo.file, photo]));
  return [...form.querySelector("[name=photos]").files].map((file) => known.get(file) ?? { ...asPhoto(file), file });
}

function showErrors(fields) {
  for (const old of form.querySelectorAll("[data-said]")) old.remove();
  const list = form.querySelector("[data-error-list]");
  list.replaceChildren();
  for (const [name, words] of Object.entries(fields)) {
    const control = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const field = control?.closest(".field, .check-row");
    field?.append(make("p", { class: "error", "data-said": true }, icon("warn"), make("span", {}, words)));
    const target = name === "enterprise" ? "id_enterprise_text" : (control?.id ?? "visit-form");
    list.append(make("li", {}, make("a", { href: `#${target}` }, words)));
  }
  const box = form.querySelector("[data-form-errors]");
  box.hidden = !list.children.length;
  if (!box.hidden) box.focus();
}

async function start() {
  showConditions();
  const person = who();
  if (!person) return notice("nobody");
  const known = await facts(person.id);
  if (!known) return waitForData();
  const { content } = known;
  fillChoices(content);

  const id = asked.get("item") ?? newId();
  // Opened to be changed: it does not go out meanwhile.
  const found = await change(person.id, id, (now) => (now.state === "waiting" && !now.stored ? { state: "draft" } : {}));
  if (found?.stored || ["sending", "sent"].includes(found?.state)) return location.replace(OUTBOX);
  let mine = found ?? { id, state: "draft", made_at: Date.now(), photos: [] };
  form.querySelector("[name=id]").value = id;
  if (found?.values) {
    fill(form, found.values);
    choose(content.enterprises.find((row) => row.id === found.values.enterprise?.[0]));
    // As files, so that what stands in the list and what is kept stay the same things.
    mine.photos = found.photos.map((photo) => ({ ...photo, file: new File([photo.blob], photo.name, { type: photo.blob.type }) }));
    if (found.error) showErrors(Object.fromEntries(Object.entries(found.error.fields).map(([name, words]) => [fieldName(name, issueRows(found.values)), words])));
  } else {
    form.querySelector("[name=visited_on]").value = portalDay(known);
    choose(content.enterprises.find((row) => row.id === asked.get("enterprise")));
  }
  form.querySelector("[name=visited_on]").max = portalDay(known);
  if (clockIsWrong(known)) notice("clock", portalDay(known));
  form.hidden = false;
  form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
  performance.mark("visit-form-usable");
  if (mine.photos.length) form.querySelector("[data-module~=photos]").dispatchEvent(new CustomEvent("photos:put", { detail: mine.photos.map((photo) => photo.file) }));
  history.replaceState(null, "", `/visits/offline/?item=${id}`);

  let last = Promise.resolve();
  const save = (state) => {
    const values = read(form);
    const photos = photosNow(mine.photos);
    mine = { ...mine, state, values, photos, label: labelOf(values), day: values.visited_on?.[0] ?? "", error: null, conflict: null };
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
    const wrong = missing(read(form), portalDay(await facts(person.id)));
    showErrors(wrong);
    if (Object.keys(wrong).length) return;
    sent = true;
    await save("waiting");
    location.assign(OUTBOX);
  });
}

/** The first time on this phone: the data come with the line. */
function waitForData() {
  notice("no-data");
  if (asked.has("again")) return;
  import("./line.js").then(async ({ checkIn }) => {
    if ((await checkIn(who().id)).state === "ok") location.replace("/visits/offline/?again=1");
  });
}

// The page names this script last: rows, picker and photos are there to be filled.
start();
