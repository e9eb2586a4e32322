// Sends what waits, oldest first: the item (a visit, a check), then its photos one by one, each under the id the phone gave it. One sender over all tabs;
// and even two could not store anything twice, because a repeat under the same id is the same row.
import { checkIn } from "./line.js";
import { change, items, tell } from "./store.js";
import { kindOf } from "./kinds.js";

const ITEM_MS = 30_000;
const PHOTO_MS = 120_000;
export const WAITING = ["waiting", "sending"];

/** The line went, the session ended, or the portal is in trouble: nothing is wrong with the item, and the rest can wait too. */
class Later extends Error {
  constructor(state) {
    super(state);
    this.state = state;
  }
}

/** Sends everything that waits; resolves to how it ended: {state, left}. */
export async function sendAll(user) {
  if (!navigator.locks) return (running ??= pass(user).finally(() => (running = null)));
  // A tab that finds another one sending looks again later: the other may be closed before it is done.
  return navigator.locks.request(`portal-phone-send-${user}`, { ifAvailable: true }, async (lock) => (lock ? pass(user) : { state: "busy", left: (await waiting(user)).length }));
}
let running = null;

async function pass(user) {
  const line = await checkIn(user);
  let { state } = line;
  try {
    if (state === "ok") for (const item of await waiting(user)) await send(user, item, line);
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    state = error.state;
  }
  const left = (await waiting(user)).length;
  tell({ state, left });
  return { state, left, id: line.id };
}

const waiting = async (user) => (await items(user)).filter((item) => WAITING.includes(item.state));

async function send(user, item, line) {
  const mine = await change(user, item.id, (now) => (WAITING.includes(now.state) ? { state: "sending" } : {}));
  if (mine?.state !== "sending") return; // taken back or thrown away meanwhile
  try {
    if (!mine.stored && !(await sendItem(user, mine, line))) return;
    for (const photo of mine.photos) if (!photo.sent && !(await sendPhoto(user, mine, photo, line))) return;
    await change(user, mine.id, { state: "sent", photos: [], values: null, error: null });
  } catch (error) {
    const later = error instanceof Later;
    if (!later) console.error("item", item.id, error);
    const unread = { state: "attention", error: { detail: "本机上的这条内容读不出来，请打开修改后再发。", fields: {} } };
    // Without locks another tab may have sent it meanwhile.
    await change(user, item.id, (now) => (now.state !== "sending" ? {} : later ? { state: "waiting" } : unread));
    if (later) throw error;
  }
}

/** Whether the item is stored now. */
async function sendItem(user, item, line) {
  const kind = kindOf(item);
  const payload = kind.payload(item);
  const answer = await post(kind.api, JSON.stringify(payload), line, ITEM_MS, { "Content-Type": "application/json" });
  if (answer.ok) return Boolean(await change(user, item.id, { stored: true }));
  const error = await said(answer);
  if (answer.status === 409) {
    const stored = await read(`${kind.api}${item.id}/`);
    // Stored by the ordinary form before the line went, with its answer lost on the way.
    if (stored && kind.same(payload, stored)) return Boolean(await change(user, item.id, { stored: true }));
    await change(user, item.id, { state: "attention", error, conflict: stored });
  } else {
    await change(user, item.id, { state: "attention", error, conflict: null });
  }
  return false;
}

async function sendPhoto(user, item, photo, line) {
  const body = new FormData();
  body.append("id", photo.id);
  body.append("file", photo.blob, photo.name);
  for (const [name, value] of Object.entries(photo.facts ?? {})) body.append(name, value);
  const answer = await post(`${kindOf(item).api}${item.id}/photos/`, body, line, PHOTO_MS);
  if (answer.ok) {
    await change(user, item.id, (now) => ({ photos: now.photos.map((each) => (each.id === photo.id ? { ...each, sent: true } : each)) }));
    return true;
  }
  await change(user, item.id, { state: "attention", error: { ...(await said(answer)), photo: photo.id } });
  return false;
}

/** The answer, if it is a verdict on what was sent; anything else is for later. */
async function post(address, body, line, patience, headers = {}) {
  const once = () => reach(address, { method: "POST", body, headers: { ...headers, Accept: "application/json", "X-CSRFToken": line.csrf }, signal: AbortSignal.timeout(patience) });
  let answer = await once();
  if (answer.status === 403) {
    // Somebody signed in since we asked, and the token is another; or the same person did.
    const again = await checkIn(line.user);
    if (again.state !== "ok") throw new Later(again.state);
    line.csrf = again.csrf;
    answer = await once();
    if (answer.status === 403) throw new Later("not-yours");
  }
  if (answer.status === 401) throw new Later("signed-out");
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Later("offline");
  return answer;
}

async function reach(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new Later("offline");
  }
}

async function read(address) {
  const answer = await reach(address, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(ITEM_MS) });
  return answer.ok ? answer.json() : null;
}

async function said(answer) {
  const body = await answer.json().catch(() => ({}));
  return { status: answer.status, detail: body.detail ?? "没有送出，请稍后再试。", fields: body.fields ?? {} };
}
