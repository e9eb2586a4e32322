// What only the visit form needs: the target's fields follow its kind, "all five good" in one tap, and each issue row says where it goes and by when.
// Listens on the document, because the inside of the form is replaced when the server refuses it.
import { answerFromPhone } from "./modules/combobox.js";
import { who } from "./modules/who.js";

const form = () => document.getElementById("visit-form");

function followTarget() {
  const kind = form().querySelector("[name=target_kind]:checked")?.value ?? "enterprise";
  for (const part of form().querySelectorAll("[data-target-of]")) part.toggleAttribute("data-off", (part.dataset.targetOf === "enterprise") !== (kind === "enterprise"));
}

function township() {
  const kind = form().querySelector("[name=target_kind]:checked")?.value ?? "enterprise";
  if (kind === "enterprise") return form().querySelector("[name=enterprise]").value ? form().querySelector("[data-issues]").dataset.township : "";
  const select = form().querySelector("[name=township]");
  return select.value ? select.selectedOptions[0].textContent : "";
}

function promises() {
  return JSON.parse(document.getElementById("issue-promises")?.textContent ?? "{}");
}

function sayWhere() {
  const known = promises();
  const where = township();
  const living = [...form().querySelectorAll("[data-row]")].filter((row) => !row.hidden);
  for (const row of living) {
    const place = row.querySelector("[data-issue-hint]");
    const promise = known[row.querySelector("select")?.value];
    place.textContent = promise ? [where ? `将转：${where}` : "将转：所选单位所在镇街", promise].join(" · ") : "";
    place.hidden = !promise;
  }
  const words = form().querySelector("[data-add-words]");
  if (words) words.textContent = living.length ? "再加一个问题" : "加一个问题";
}

function refresh() {
  if (!form()) return;
  for (const button of form().querySelectorAll("[data-all-good]")) button.hidden = false;
  followTarget();
  sayWhere();
}

document.addEventListener("change", refresh);
document.addEventListener("draft:restored", refresh);
document.addEventListener("portal:added", refresh);
document.addEventListener("htmx:afterSettle", refresh);
document.addEventListener("combobox:chosen", (event) => {
  form().querySelector("[data-issues]").dataset.township = event.detail?.township ?? "";
  refresh();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-all-good]")) return;
  for (const good of form().querySelectorAll("#visit-checks input[value=good]")) good.checked = true;
  form().dispatchEvent(new Event("change", { bubbles: true }));
});
refresh();
if (!form().hidden) performance.mark("visit-form-usable"); // what a slow phone is measured by

if (!isSecureContext) document.querySelector("[data-notice=insecure]").hidden = false;

// Without signal: the picker looks among the enterprises the phone keeps, and what is sent goes into the phone's queue instead.
const picker = form().querySelector('[data-module~="combobox"]');
if (picker.dataset.url && who()) {
  answerFromPhone(picker, async (text) => (await import("./offline/queue.js")).searchKept(text));
}
form().addEventListener("htmx:sendError", async (event) => {
  if (event.target !== form() || !form().hasAttribute("data-queue") || !navigator.serviceWorker?.controller || !who()) return;
  await (await import("./offline/queue.js")).queueForm(form());
  location.assign("/visits/outbox/");
});
