// On every page of somebody who works without signal at times (visits, checks of stations): keeps the portal installed, the form's data fresh, and sends what waits.
import { facts, isUnsent, items, onNews, peopleHere, unsent, drop, wipe } from "./store.js";
import { checkIn, whoIsSignedIn } from "./line.js";
import { sendAll, WAITING } from "./sender.js";
import { setWho, who } from "../modules/who.js";

const FRESH_MS = 10 * 60_000;
const SENT_SHOWN_MS = 3 * 24 * 3600_000;
const SOONEST_MS = 3_000;
const LATEST_MS = 60_000;

let wait = SOONEST_MS;
let timer = 0;

/** Sends now; while the line is bad it tries again by itself, less and less often. */
export async function sendNow() {
  const person = who();
  if (!person) return { state: "nobody", left: 0 };
  clearTimeout(timer);
  const result = await sendAll(person.id);
  if (result.state === "other-person") {
    handOver(result.id);
    return result;
  }
  if (result.left && ["offline", "ok", "busy"].includes(result.state)) {
    timer = setTimeout(sendNow, wait);
    wait = Math.min(wait * 2, LATEST_MS);
  } else {
    wait = SOONEST_MS;
  }
  if (result.left) askForSync();
  return result;
}

/** The session is another's: a kept page shows theirs from here on. Nothing of the former is sent; a page of the portal stays as it is, somebody may be typing. */
function handOver(id) {
  if (!("keptPage" in document.body.dataset)) return;
  setWho({ id });
  location.reload();
}

async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("send").catch(() => {}); // not permitted: then it is sent when a page is open
}

export async function install() {
  if (!("serviceWorker" in navigator)) return; // plain http, or an old browser
  try {
    await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
    (await navigator.serviceWorker.ready).active.postMessage("fill");
  } catch (error) {
    console.warn("service worker", error);
  }
}

/** What a former user of this phone left goes, but for what they have not sent: that stays, unseen, until they sign in again. */
async function tidy(person) {
  for (const user of await peopleHere()) {
    if (user !== person?.id && !(await unsent(user)).length) await wipe(user);
  }
  if (!person) return;
  const old = Date.now() - SENT_SHOWN_MS;
  for (const item of await items(person.id)) if (!isUnsent(item) && item.at < old) await drop(person.id, item.id);
}

async function showCount(person) {
  const link = document.querySelector("[data-outbox-link]");
  if (!link || who()?.id !== person.id) return;
  const found = (await items(person.id)).filter(isUnsent);
  link.hidden = !found.length;
  const count = link.querySelector("[data-outbox-count]");
  if (count) count.textContent = String(found.length);
  link.classList.toggle("is-late", found.some((item) => item.state === "attention"));
}

async function freshen(person) {
  const known = await facts(person.id);
  if (!known || Date.now() - known.fetched_at > FRESH_MS) await checkIn(person.id);
}

/** Of the forms that other kept pages lead to, those this person has the data for. */
async function showStarts(person) {
  const known = await facts(person.id);
  if (known) for (const each of document.querySelectorAll("[data-needs]")) each.hidden = !(each.dataset.needs in known.content);
}

export async function start() {
  const { user, userName } = document.body.dataset;
  const mayKeep = "phone" in document.body.dataset;
  if (user) setWho(mayKeep ? { id: Number(user), name: userName } : null);
  const person = who();
  await tidy(person);
  if (!person) return introduce();
  if (user) await install();
  onNews(() => showCount(person));
  await showCount(person);
  await showStarts(person);
  addEventListener("online", () => {
    wait = SOONEST_MS;
    sendNow();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && resume(person));
  await resume(person);
}

/** A kept page that knows nobody, opened by somebody who is signed in: straight from the sign-in page. */
async function introduce() {
  const person = "keptPage" in document.body.dataset && (await whoIsSignedIn());
  if (!person) return;
  setWho(person);
  location.reload();
}

/** Sends if anything waits; else only sees to the data. */
async function resume(person) {
  const waits = (await items(person.id)).some((item) => WAITING.includes(item.state));
  if (waits || "keptPage" in document.body.dataset) await sendNow();
  else await freshen(person);
}
