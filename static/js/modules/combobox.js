// Picker over a JSON address (WAI-ARIA combobox with a list): 汉字, pinyin, initials; keyboard and touch. See components/combobox.html.
import { debounce, make } from "./dom.js";
import { getJson } from "./session.js";

// Answers from the phone, where the address cannot be reached or there is none: root -> (text) => answer.
const elsewhere = new WeakMap();

export function answerFromPhone(root, search) {
  elsewhere.set(root, search);
}

const TONES = new Set(["ok", "warn", "late", "brand", "link", "idle"]);

function marked(label, marks = []) {
  const parts = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from > at) parts.push(label.slice(at, from));
    parts.push(make("mark", {}, label.slice(from, to)));
    at = to;
  }
  parts.push(label.slice(at));
  return parts;
}

function option(row, id, selected) {
  const chips = (row.chips ?? []).flatMap((chip) => [" ", make("span", { class: `chip chip-${TONES.has(chip.tone) ? chip.tone : "idle"}` }, chip.label)]);
  return make("li", { role: "option", id, "aria-selected": String(selected) }, make("b", {}, ...marked(row.label, row.marks)), ...chips, row.detail ? make("span", { class: "detail" }, row.detail) : null);
}

export function start(root) {
  const input = root.querySelector("[role=combobox]");
  const list = root.querySelector("[role=listbox]");
  const value = root.querySelector("[data-combo-value]");
  const clear = root.querySelector("[data-combo-clear]");
  const picked = root.querySelector("[data-combo-picked]");
  let rows = [];
  let at = -1;
  let asked = 0;
  let chosenLabel = value.value ? input.value : "";

  function open(state) {
    list.hidden = !state;
    input.setAttribute("aria-expanded", String(state));
    if (!state) point(-1);
  }

  function point(index) {
    at = index;
    const options = list.querySelectorAll("[role=option]");
    options.forEach((each, i) => each.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function draw(more) {
    list.replaceChildren();
    let group = "";
    rows.forEach((row, i) => {
      if (row.group && row.group !== group) {
        group = row.group;
        list.append(make("li", { class: "group", role: "presentation" }, group));
      }
      list.append(option(row, `${list.id}_${i}`, false));
    });
    if (!rows.length) list.append(make("li", { class: "combo-note", role: "presentation" }, input.value ? `没有找到“${input.value}”，换个名称、拼音或首字母试试` : "没有可选的项"));
    if (more) list.append(make("li", { class: "combo-note", role: "presentation" }, "还有更多，请多输入几个字"));
    open(true);
    point(rows.length && input.value && input.value !== chosenLabel ? 0 : -1);
  }

  async function answer() {
    const text = input.value === chosenLabel ? "" : input.value.trim();
    const kept = elsewhere.get(root);
    if (!root.dataset.url) return kept(text);
    const url = new URL(root.dataset.url, location.href);
    url.searchParams.set("q", text);
    for (const field of root.dataset.extra ? document.querySelectorAll(root.dataset.extra) : []) if (field.value) url.searchParams.set(field.name, field.value);
    try {
      return await getJson(url);
    } catch (error) {
      const found = await kept?.(text);
      if (!found) throw error;
      return found;
    }
  }

  async function ask() {
    const mine = ++asked;
    try {
      const found = await answer();
      if (!found || mine !== asked || document.activeElement !== input) return;
      rows = found.results;
      draw(found.more);
    } catch {
      if (mine !== asked) return;
      rows = [];
      list.replaceChildren(make("li", { class: "combo-note", role: "presentation" }, "暂时查不到，请检查网络后再试"));
      open(true);
    }
  }
  const askSoon = debounce(160, ask);

  function choose(row) {
    value.value = row?.id ?? "";
    chosenLabel = row?.label ?? "";
    input.value = chosenLabel;
    picked.textContent = row?.detail ?? "";
    clear.hidden = !row;
    input.removeAttribute("aria-invalid");
    open(false);
    value.dispatchEvent(new Event("change", { bubbles: true }));
    root.dispatchEvent(new CustomEvent("combobox:chosen", { bubbles: true, detail: row }));
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // the pinyin being typed into an input method is not yet text
    if (value.value && input.value !== chosenLabel) {
      value.value = "";
      clear.hidden = true;
      picked.textContent = "";
      value.dispatchEvent(new Event("change", { bubbles: true }));
    }
    askSoon();
  });
  input.addEventListener("compositionend", askSoon);
  input.addEventListener("focus", ask);
  input.addEventListener("click", () => list.hidden && ask());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else if (rows.length) point((at + (event.key === "ArrowDown" ? 1 : rows.length + (at < 0 ? 0 : -1))) % rows.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault(); // Enter chooses; it never sends the form by surprise
      if (at >= 0) choose(rows[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      open(false);
    }
  });
  input.addEventListener("blur", () => {
    asked += 1;
    open(false);
    if (!value.value && input.value.trim()) picked.textContent = "还没有选中，请从列表里选一家";
  });
  // pointerdown keeps the focus in the input, so the list is still open when the tap ends
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const index = [...list.querySelectorAll("[role=option]")].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) choose(rows[index]);
  });
  clear.addEventListener("click", () => {
    choose(null);
    input.focus();
  });
  root.closest("form")?.addEventListener("draft:restored", () => {
    chosenLabel = value.value ? input.value : "";
    clear.hidden = !value.value;
  });
}

