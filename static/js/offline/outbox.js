// Drafts and what waits to be sent: each with its state in words, and what can be done about it.
import { draftAt } from "../modules/draft.js";
import { icon, make } from "../modules/dom.js";
import { newId } from "../modules/client-id.js";
import { zhDay } from "./compare.js";
import { keptWords, kindOf } from "./kinds.js";
import { clockIsWrong, portalDay } from "./line.js";
import { notice, showConditions } from "./notices.js";
import { sendNow } from "./phone.js";
import { STATES, change, drop, facts, items, onNews, replace } from "./store.js";
import { who } from "../modules/who.js";

const TONES = { draft: "idle", waiting: "link", sending: "link", sent: "ok", attention: "late" };
const list = document.querySelector("[data-outbox]");
const moment = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

const button = (words, act, css = "") => make("button", { type: "button", class: `btn ${css}`.trim(), onclick: act }, words);

function throwAway(user, item) {
  const words = item.stored ? `这次${kindOf(item).name}已经送达，没有送出的照片会清除，无法找回。确定吗？` : `清除“${item.label}”？清除后无法找回。`;
  if (confirm(words)) drop(user, item.id);
}

/** The same content as one of its own: everything the phone names gets a new id. */
async function asNew(user, item) {
  const id = newId();
  const values = Object.fromEntries(Object.entries(item.values).map(([name, kept]) => [name, kindOf(item).hasId(name) ? kept.map(() => newId()) : kept]));
  const photos = item.photos.map((photo) => ({ ...photo, id: newId(), sent: false }));
  await replace(user, item.id, { ...item, id, state: "waiting", values: { ...values, id: [id] }, photos, stored: false, error: null, conflict: null });
  sendNow();
}

const keepStored = (user, item) => change(user, item.id, { state: "sent", photos: [], values: null, error: null, conflict: null });

function conflictPart(user, item, words) {
  const { name, both } = kindOf(item);
  const rows = both(item, words);
  const column = (title, side) =>
    make("section", {}, make("h3", {}, title), make("dl", { class: "kv" }, ...rows.flatMap((row) => [make("dt", {}, row.label), make("dd", {}, make("span", { class: row.changed ? "changed" : "" }, row[side] || "（空）"))])));
  return make(
    "div",
    { class: "conflict" },
    make("div", { class: "conflict-head" }, icon("warn"), make("div", {}, make("h2", {}, `系统中已有这次${name}，内容不同`), make("p", { class: "small" }, "请核对两边内容，再决定怎么处理。没有列出的内容两边相同。"))),
    item.conflict ? make("div", { class: "conflict-cols" }, column("系统中的内容", "theirs"), column("本机上的内容", "mine")) : null,
    make("div", { class: "conflict-foot" }, item.conflict ? button("保留系统中的", () => keepStored(user, item)) : null, button(`作为新的${name}另存`, () => asNew(user, item), "btn-primary"))
  );
}

function errorPart(item) {
  const { detail, fields } = item.error;
  const words = Object.values(fields);
  return make("div", { class: "stack-s" }, ...(words.length ? words : [detail]).map((each) => make("p", { class: "error" }, icon("warn"), make("span", {}, each))));
}

function actions(user, item) {
  const edit = make("a", { class: "btn", href: `${kindOf(item).form}?item=${item.id}` }, item.state === "draft" ? "继续填写" : "修改");
  const away = button("清除", () => throwAway(user, item));
  const again = button("再发一次", () => change(user, item.id, { state: "waiting", error: null }).then(sendNow));
  if (item.state === "sent") return [make("a", { class: "btn", href: kindOf(item).page(item) }, "查看")];
  if (item.state === "sending") return [];
  if (item.error?.photo) {
    const without = () => change(user, item.id, (now) => ({ state: "waiting", error: null, photos: now.photos.filter((photo) => photo.id !== item.error.photo) })).then(sendNow);
    return [again, button("去掉这张照片", without)];
  }
  if (item.stored) return [again, away];
  if (item.state === "attention") return [edit, again, away];
  return [edit, away];
}

function line(user, item, words) {
  const kind = kindOf(item);
  const photos = item.photos.length;
  const meta = [item.day && `${zhDay(item.day)}${kind.name}`, ...kind.parts(item), photos ? `照片 ${photos} 张` : "", `${moment.format(item.at)} ${STATES[item.state]}`].filter(Boolean).join(" · ");
  const isConflict = item.state === "attention" && item.error?.status === 409 && !item.error.photo;
  return make(
    "li",
    { class: "card outbox-item", "data-item": item.id, "data-state": item.state },
    make(
      "div",
      { class: "card-body stack-s" },
      make("div", { class: "outbox-head" }, make("b", {}, item.label), make("span", { class: `chip chip-${TONES[item.state]}` }, STATES[item.state])),
      make("p", { class: "small muted" }, meta),
      item.state === "attention" && item.error && !isConflict ? errorPart(item) : null,
      isConflict ? conflictPart(user, item, words) : null,
      make("div", { class: "btn-group" }, ...(isConflict ? [button("清除", () => throwAway(user, item))] : actions(user, item)))
    )
  );
}

/** The draft of the ordinary form, which keeps one. */
function ordinaryDraft(user) {
  const at = draftAt(user, "visit-new");
  if (!at) return [];
  const head = make("div", { class: "outbox-head" }, make("b", {}, "走访表单里的草稿"), make("span", { class: "chip chip-idle" }, STATES.draft));
  const act = make("div", { class: "btn-group" }, make("a", { class: "btn", href: "/visits/new/" }, "继续填写"));
  return [make("li", { class: "card outbox-item" }, make("div", { class: "card-body stack-s" }, head, make("p", { class: "small muted" }, `${moment.format(at)} 草稿`), act))];
}

async function draw() {
  const person = who();
  if (!person) return;
  const [found, known] = [await items(person.id), await facts(person.id)];
  const order = ["attention", "sending", "waiting", "draft", "sent"];
  found.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.made_at - a.made_at);
  list.replaceChildren(...found.map((item) => line(person.id, item, known?.content.words)), ...ordinaryDraft(person.id));
  const count = (state) => found.filter((item) => item.state === state).length;
  const words = Object.keys(STATES).map((state) => [STATES[state], count(state)]);
  document.querySelector("[data-outbox-summary]").textContent = words.filter(([, n]) => n).map(([label, n]) => `${label} ${n} 条`).join("，");
  document.querySelector("[data-outbox-empty]").hidden = list.children.length > 0;
  document.querySelector("[data-send-now]").hidden = !found.some((item) => ["waiting", "sending"].includes(item.state));
  if (known) {
    document.querySelector("[data-kept-words]").textContent = `本机保存的只有${person.name ?? known.content.user.name}${keptWords(known.content)}（${moment.format(known.fetched_at)} 更新），以及没有送出的内容；退出登录时全部清除。`;
    if (clockIsWrong(known)) notice("clock", portalDay(known));
  }
}

// Many changes in a row are one drawing, and the last one drawn is the last one read.
let due = 0;
let drawn = Promise.resolve();
function drawSoon() {
  due ||= setTimeout(() => {
    due = 0;
    drawn = drawn.then(draw);
  }, 100);
}

function start() {
  showConditions();
  if (!who()) return notice("nobody");
  onNews(drawSoon);
  document.querySelector("[data-send-now]").addEventListener("click", sendNow);
  return draw();
}

start();
