// What is typed is kept in this browser on every keystroke, per person and form, and put back after a lost session or a return.
//   <form data-module="draft" data-draft-key="visit-new"> … and somewhere <span data-draft-state> says 草稿已存.
// A draft goes away when the form was sent and the next page says that it was saved; after 7 days; on sign-out.
// A field with data-never-kept (a number of an identity card) is left out.
import { icon, make } from "./dom.js";

const PREFIX = "portal:draft:";
const SENT = "portal:draft-sent";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const NEVER = new Set(["csrfmiddlewaretoken", "version", "password"]);

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // storage switched off: forms work, drafts do not
  }
}

const user = () => document.body.dataset.user ?? "";
const keyOf = (form) => `${PREFIX}${user()}:${form.dataset.draftKey}`;

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => (field.name || field.dataset.draftName) && !NEVER.has(field.name) && !("neverKept" in field.dataset) && !["file", "password", "submit", "button"].includes(field.type)
  );
}

export function read(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    const name = field.name || field.dataset.draftName;
    values[name] ??= [];
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) values[name].push(field.value);
    } else if (field.multiple) {
      values[name].push(...[...field.selectedOptions].map((option) => option.value));
    } else {
      values[name].push(field.value);
    }
  }
  return values;
}

export function fill(form, values) {
  // Rows first: the fields of a repeated row must exist before they can be filled.
  for (const rows of form.querySelectorAll('[data-module~="rows"]')) {
    const total = Number(values[`${rows.dataset.prefix}-TOTAL_FORMS`]?.[0] ?? 0);
    rows.dispatchEvent(new CustomEvent("rows:ensure", { detail: total }));
  }
  const taken = {};
  for (const field of fieldsOf(form)) {
    const name = field.name || field.dataset.draftName;
    const list = values[name];
    if (!list || /-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(name)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = list.includes(field.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = list.includes(option.value);
    } else {
      taken[name] = (taken[name] ?? -1) + 1;
      field.value = list[taken[name]] ?? field.value;
    }
  }
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

// For a part of the form that came after the draft was put back.
export function refill(form) {
  const saved = parse(store()?.getItem(keyOf(form)));
  if (saved) fill(form, saved.values);
}

export function say(words, action = null) {
  const place = document.querySelector("[data-draft-state]");
  if (!place) return;
  place.replaceChildren(make("span", { class: "chip chip-ok" }, icon("check"), words));
  if (action) place.append(" ", make("button", { type: "button", class: "link-btn small", onclick: action.run }, action.label));
}

export function start(form) {
  const storage = store();
  if (!storage) return;
  const key = keyOf(form);
  const refused = form.querySelector(".error:not([hidden]), .form-errors") !== null || form.hasAttribute("data-draft-bound");
  const asServed = JSON.stringify(read(form));

  const saved = parse(storage.getItem(key));
  if (saved && !refused && JSON.stringify(saved.values) !== asServed) {
    fill(form, saved.values);
    say("已恢复草稿", {
      label: "不要草稿",
      run: () => {
        storage.removeItem(key);
        location.reload();
      },
    });
  }

  const save = () => {
    try {
      storage.setItem(key, JSON.stringify({ at: Date.now(), values: read(form) }));
      say("草稿已存");
    } catch {
      // Full storage: keep typing possible; the form itself still holds everything.
    }
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    save();
    sessionStorage.setItem(SENT, key);
  });
  // Sent by htmx and not taken (also a refusal that htmx swaps in): the draft is still wanted, wherever the reader goes next.
  form.addEventListener("htmx:afterRequest", (event) => {
    const { status } = event.detail.xhr;
    if (event.target === form && (status < 200 || status >= 300)) sessionStorage.removeItem(SENT);
  });
}

function parse(text) {
  try {
    const draft = JSON.parse(text);
    return draft && Date.now() - draft.at < KEPT_MS ? draft : null;
  } catch {
    return null;
  }
}

// Called once a page, before the modules start. Only a page that says the save worked (a success message, or data-draft-clear)
// takes the draft away: after a dead network or a lost session whatever page comes next must not.
export function clearSent() {
  const storage = store();
  if (!storage) return;
  const key = sessionStorage.getItem(SENT);
  const saved = document.querySelector('[data-flash="success"], [data-flash="info"], [data-draft-clear]');
  if (key && saved && !document.body.hasAttribute("data-error-page")) storage.removeItem(key);
  sessionStorage.removeItem(SENT);
  for (const other of Object.keys(storage)) {
    if (other.startsWith(PREFIX) && !parse(storage.getItem(other))) storage.removeItem(other);
  }
}

export function dropDraft(form) {
  store()?.removeItem(keyOf(form));
  sessionStorage.removeItem(SENT);
}

/** When the kept draft of a form was last written, or nothing. */
export function draftAt(person, key) {
  return parse(store()?.getItem(`${PREFIX}${person}:${key}`))?.at;
}

export function draftsHere() {
  return Object.keys(store() ?? {}).filter((key) => key.startsWith(`${PREFIX}${user()}:`));
}

export function forget(keys) {
  for (const key of keys) store()?.removeItem(key);
}
