// Starts a module on every element that names it: <form data-module="draft submit-once">.
// Each module exports start(element); it is called once per element, again for what htmx swaps in.
import * as autoSubmit from "./modules/auto-submit.js";
import * as checklist from "./modules/checklist.js";
import * as clientId from "./modules/client-id.js";
import * as combobox from "./modules/combobox.js";
import * as counter from "./modules/counter.js";
import * as dialog from "./modules/dialog.js";
import * as draft from "./modules/draft.js";
import * as focusMe from "./modules/focus-me.js";
import * as insertText from "./modules/insert-text.js";
import * as menu from "./modules/menu.js";
import * as photos from "./modules/photos.js";
import * as rows from "./modules/rows.js";
import * as searchKey from "./modules/search-key.js";
import * as selectAll from "./modules/select-all.js";
import * as signOut from "./modules/sign-out.js";
import * as stepKeys from "./modules/step-keys.js";
import * as submitOnce from "./modules/submit-once.js";
import { who } from "./modules/who.js";
import { watchSession } from "./modules/session.js";
import { watchSide } from "./modules/side.js";

// Order matters where modules share an element: rows exist before a draft fills them.
const MODULES = {
  rows,
  combobox,
  photos,
  counter,
  checklist,
  "client-id": clientId,
  draft,
  "submit-once": submitOnce,
  "auto-submit": autoSubmit,
  dialog,
  menu,
  "search-key": searchKey,
  "select-all": selectAll,
  "sign-out": signOut,
  "focus-me": focusMe,
  "insert-text": insertText,
  "step-keys": stepKeys,
};

// Needed by few pages: fetched by those alone.
const RARE = {
  chart: () => import("./modules/chart.js"),
  locate: () => import("./modules/locate.js"),
  mention: () => import("./modules/mention.js"),
  "plan-board": () => import("./modules/plan-board.js"),
  wall: () => import("./modules/wall.js"),
};

const started = new WeakMap();

function startOn(element, name) {
  const done = started.get(element) ?? new Set();
  if (done.has(name)) return;
  done.add(name);
  started.set(element, done);
  // One broken module must not take the page's others with it.
  const broken = (error) => console.error(`module ${name}`, error);
  if (name in RARE) {
    RARE[name]().then((module) => module.start(element)).catch(broken);
    return;
  }
  try {
    MODULES[name].start(element);
  } catch (error) {
    broken(error);
  }
}

export function startAll(root) {
  for (const name of [...Object.keys(MODULES), ...Object.keys(RARE)]) {
    const selector = `[data-module~="${name}"]`;
    if (root.matches?.(selector)) startOn(root, name);
    for (const element of root.querySelectorAll(selector)) startOn(element, name);
  }
}

document.documentElement.classList.remove("no-js");
draft.clearSent();
startAll(document.body);
watchSession();
watchSide();
// Who logs visits, or whoever follows them on the same phone.
if ("phone" in document.body.dataset || (document.body.dataset.user && who())) {
  import("./offline/phone.js").then((phone) => phone.start());
}
document.body.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
document.body.addEventListener("portal:added", (event) => {
  window.htmx?.process(event.target);
  startAll(event.target);
});
