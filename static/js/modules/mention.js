// <form data-module="mention" data-people="URL">: after an @ in its textarea, people to choose from. Arrows and Enter choose, Escape closes.
import { debounce, make } from "./dom.js";
import { getJson } from "./session.js";

const AT = /(?:^|[^0-9A-Za-z._@])@([^\s@，。；：、,;:!！?？）)]{0,20})$/;

export function start(form) {
  const field = form.querySelector("textarea");
  if (!field) return;
  const list = make("ul", { class: "combo-list", role: "listbox", "aria-label": "提醒谁", id: `${field.id}_people`, hidden: true });
  const holder = make("div", { class: "combo" });
  field.before(holder);
  holder.append(field, list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  let asked = 0;

  const typed = () => AT.exec(field.value.slice(0, field.selectionStart))?.[1];
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (option) => {
    const end = field.selectionStart;
    const from = end - typed().length;
    const words = `${option.dataset.insert} `;
    field.value = field.value.slice(0, from) + words + field.value.slice(end);
    field.selectionStart = field.selectionEnd = from + words.length;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  };
  const mark = (wanted) => {
    for (const option of options()) option.setAttribute("aria-selected", String(option === wanted));
  };
  const ask = debounce(150, async () => {
    const words = typed();
    if (words === undefined) return close();
    const mine = ++asked;
    const answer = await getJson(`${form.dataset.people}?q=${encodeURIComponent(words)}`);
    if (mine !== asked || typed() === undefined || !answer?.results?.length) return close();
    list.replaceChildren(
      ...answer.results.map((row) =>
        make("li", { role: "option", "aria-selected": "false", "data-insert": row.insert, onmousedown: (event) => event.preventDefault(), onclick: (event) => choose(event.currentTarget) },
          make("span", {}, row.label), make("span", { class: "small muted" }, ` ${row.id}`))),
    );
    list.hidden = false;
    mark(options()[0]);
  });

  field.addEventListener("input", () => (typed() === undefined ? close() : ask()));
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") mark(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" || event.key === "Tab") choose(all[Math.max(at, 0)]);
    else return;
    event.preventDefault();
  });
}
