// Asks the portal who is signed in and brings what the form needs up to date. One request before every send.
import { facts, keepFacts } from "./store.js";

const DATA = "/visits/offline/data/";
const PATIENCE_MS = 20_000;

/** {state: "ok" | "offline" | "signed-out" | "not-yours" | "other-person", user, csrf, id}; id is who is signed in instead. */
export async function checkIn(user) {
  const known = await facts(user);
  let answer;
  try {
    answer = await fetch(DATA, {
      headers: known ? { "If-None-Match": known.tag } : {},
      cache: "no-store",
      redirect: "manual", // to the sign-in page
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { state: "offline" };
  }
  if (answer.type === "opaqueredirect") return { state: "signed-out" };
  if (answer.status === 403) return { state: "not-yours" };
  if (!answer.ok && answer.status !== 304) return { state: "offline" }; // a portal in trouble is as good as none
  const id = Number(answer.headers.get("X-User"));
  if (id !== user) return { state: "other-person", id };
  const content = answer.status === 304 ? known.content : await answer.json();
  await keepFacts(user, {
    content,
    tag: answer.headers.get("ETag"),
    fetched_at: Date.now(),
    // How far the phone's clock is behind the portal's own day, and behind real time.
    behind: Date.parse(answer.headers.get("X-Now")) - Date.now(),
    wrong_by: Date.parse(answer.headers.get("Date")) - Date.now(),
  });
  return { state: "ok", user, csrf: answer.headers.get("X-CSRFToken") };
}

/** Who is signed in, asked by a kept page that knows nobody: {id, name}, or nothing. */
export async function whoIsSignedIn() {
  try {
    const answer = await fetch(DATA, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? (await answer.json()).user : null;
  } catch {
    return null;
  }
}

const SHANGHAI = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });

/** The portal's day, also where the phone's clock is wrong: 2024-09-12. */
export function portalDay(kept) {
  return SHANGHAI.format(Date.now() + (kept?.behind ?? 0));
}

/** Whether the phone's clock was wrong by more than ten minutes when the two last spoke. */
export const clockIsWrong = (kept) => Math.abs(kept?.wrong_by ?? 0) > 10 * 60_000;
