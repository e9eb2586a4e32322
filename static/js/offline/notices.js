// The notices of the kept pages: shown when they apply, in words the page brings.
import { onNews, peopleHere, unsent, wipe } from "./store.js";
import { who } from "../modules/who.js";

export function notice(name, words = "") {
  const place = document.querySelector(`[data-notice="${name}"]`);
  if (!place) return;
  place.hidden = false;
  for (const each of place.querySelectorAll("[data-clock-words]")) each.textContent = words;
}

const hide = (name) => document.querySelector(`[data-notice="${name}"]`)?.setAttribute("hidden", "");

function showLine() {
  if (navigator.onLine) hide("offline");
  else notice("offline");
}

async function showOthers() {
  let count = 0;
  const others = (await peopleHere()).filter((user) => user !== who()?.id);
  for (const user of others) count += (await unsent(user)).length;
  if (!count) return hide("others");
  notice("others");
  document.querySelector("[data-others-count]").textContent = String(count);
  document.querySelector("[data-others-wipe]").onclick = async () => {
    if (!confirm(`清除上一位使用者没有送出的 ${count} 条内容？清除后无法找回。`)) return;
    for (const user of others) await wipe(user);
    hide("others");
  };
}

/** What the page says about itself: line, address, session, who else's things lie here. */
export function showConditions() {
  if (!isSecureContext) notice("insecure");
  showLine();
  addEventListener("online", showLine);
  addEventListener("offline", showLine);
  onNews(({ state }) => {
    if (!state || state === "busy") return;
    for (const name of ["signed-out", "not-yours"]) state === name ? notice(name) : hide(name);
  });
  return showOthers();
}
