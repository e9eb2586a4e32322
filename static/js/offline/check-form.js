// The kept form of a station's check: stations and the items of the checklist from what the phone keeps. A draft goes on with the version it was begun with.
import { make } from "../modules/dom.js";
import { USES, WRONG } from "./check-kind.js";
import { keepForm } from "./keeping.js";
import { one } from "./payload.js";
import { zhDay } from "./compare.js";

const form = document.getElementById("check-form");
const field = (name) => form.querySelector(`[name="${name}"]`);
const TONES = { yes: "ok", good: "ok", done: "ok", no: "warn", problem: "warn" };

const valueOf = (row) => `${row.use}:${row.id}`;
const rowOf = (content, value) => content.stations.find((row) => valueOf(row) === value);

/** The checklist that is on the page, and the station it is about. */
let shown = null;
let station = null;

function pills(item) {
  const name = `answer-${item.code}`;
  const choice = ([value, label]) => make("label", { class: `pill pill-${TONES[value] ?? "idle"}` }, make("input", { type: "radio", name, value, onchange: () => askWhat(item.code) }), make("span", {}, label));
  const heading = make("span", { class: "check-name" }, make("span", { id: `${name}_name` }, item.text, item.required ? make("span", { class: "need" }, "（必填）") : null), item.hint ? make("span", { class: "help" }, item.hint) : null);
  const remark = make("div", { class: "field full", "data-remark": item.code, hidden: true }, make("label", { for: `remark_${item.code}` }, "哪里不符合", make("span", { class: "opt" }, "（选填）")), make("input", { id: `remark_${item.code}`, name: `remark-${item.code}`, maxlength: "200" }));
  return make("div", { class: "check-row check-long", role: "radiogroup", "aria-labelledby": `${name}_name`, id: name, tabindex: "-1" }, heading, make("span", { class: "pills" }, ...item.choices.map(choice)), remark);
}

function typed(item) {
  const id = `answer_${item.code}`;
  const name = `answer-${item.code}`;
  const control = item.answer === "text" ? make("textarea", { id, name, rows: "2", maxlength: "500" }) : make("input", { id, name, ...(item.answer === "day" ? { type: "date" } : { inputmode: "decimal", maxlength: "20" }) });
  const label = make("label", { for: id }, item.text, item.required ? null : make("span", { class: "opt" }, "（选填）"));
  const body = item.unit ? make("div", { class: "with-unit" }, control, make("span", { class: "muted" }, item.unit)) : control;
  return make("div", { class: "check-row check-typed" }, make("div", { class: "field" }, label, body, item.hint ? make("p", { class: "help" }, item.hint) : null));
}

function draw(checklist) {
  shown = checklist;
  const rows = [];
  let group = "";
  for (const item of checklist.items) {
    if (item.group !== group) rows.push(make("h2", { class: "check-group" }, item.group));
    group = item.group;
    rows.push(item.choices.length ? pills(item) : typed(item));
  }
  form.querySelector("[data-items]").replaceChildren(...rows);
  form.querySelector("[data-checklist-name]").textContent = checklist.name;
  field("checklist").value = checklist.version;
}

/** What is wrong is asked where an item was found wrong. */
function askWhat(code) {
  const wrong = WRONG.includes(form.querySelector(`[name="answer-${code}"]:checked`)?.value);
  form.querySelector(`[data-remark="${code}"]`).hidden = !wrong;
}

function choose(content, value) {
  station = rowOf(content, value);
  if (!station) return;
  const fresh = content.checklists[station.use];
  field("use").value = station.use;
  if (shown?.version !== fresh.version) draw(fresh);
  form.querySelector("[data-station-words]").textContent = `${USES[station.use]} · ${station.address}`;
}

function offer(content, found) {
  const select = field("station");
  const usable = content.stations.filter((row) => content.checklists[row.use]);
  select.append(...usable.map((row) => make("option", { value: valueOf(row) }, `${row.label}（${USES[row.use]}）`)));
  // A draft whose station is no longer among them, and one begun with an older checklist, go on as they are: the portal judges.
  if (found?.values && !rowOf(content, one(found.values, "station"))) select.append(make("option", { value: one(found.values, "station") }, found.label));
  if (found?.sheet) draw(found.sheet);
  if (!usable.length && !found) form.querySelector("[type=submit]").disabled = true;
  select.addEventListener("change", () => choose(content, select.value));
  document.querySelector("[data-no-stations]").hidden = Boolean(usable.length || found);
}

function begin(content, asked) {
  const wanted = content.stations.find((row) => row.id === asked.get("station") && (!asked.get("use") || row.use === asked.get("use")));
  if (wanted) field("station").value = valueOf(wanted);
  if (field("station").value) choose(content, field("station").value);
}

function missing(values, today) {
  const wrong = {};
  if (!one(values, "station")) wrong.station = "请选择驿站。";
  const day = one(values, "checked_on");
  if (!day) wrong.checked_on = "请填写检查日期。";
  else if (day > today) wrong.checked_on = `检查日期不能晚于今天（${zhDay(today)}）。`;
  for (const item of shown?.items ?? []) if (item.required && !one(values, `answer-${item.code}`)) wrong[`answer-${item.code}`] = `请填写：${item.text}。`;
  return wrong;
}

form.querySelector("[data-rest-good]").addEventListener("click", () => {
  for (const item of shown?.items ?? []) {
    const good = form.querySelector(`[name="answer-${item.code}"][value=yes], [name="answer-${item.code}"][value=good]`);
    if (good && !form.querySelector(`[name="answer-${item.code}"]:checked`)) good.checked = true;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
});

keepForm(form, {
  kind: "check",
  address: "/stations/care/check/",
  dayField: "checked_on",
  canFill: (content) => Boolean(content.stations),
  offer,
  begin,
  restore: (content, found) => {
    station = rowOf(content, one(found.values, "station")) ?? { label: found.label };
    for (const item of shown?.items ?? []) if (item.choices.length) askWhat(item.code);
  },
  // The checklist travels with the draft, so that it is shown and sent as it was begun.
  describe: () => ({ label: station?.label ?? "还没有选择驿站", sheet: shown, texts: Object.fromEntries((shown?.items ?? []).map((item) => [item.code, item.text])) }),
  missing,
  fieldOf: (name) => name.replace(/^(answers|remarks)\./, (whole, kind) => `${kind.slice(0, -1)}-`),
  targetOf: (name) => (shown?.items.some((item) => item.choices.length && `answer-${item.code}` === name) ? name : null),
});
