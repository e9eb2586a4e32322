// A lost session in the middle of work: say so, keep the draft, offer the way back to this very page.
import { toast } from "./dom.js";

const loginPath = "/login/";

function signInHere() {
  return `${loginPath}?next=${encodeURIComponent(location.pathname + location.search)}`;
}

export function sayExpired() {
  toast("登录已过期，您填写的内容已存为草稿。", { link: { href: signInHere(), label: "重新登录" }, sticky: true });
}

// fetch for the modules: JSON or null; a lost session is told once and rejects quietly.
export async function getJson(url, options = {}) {
  const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin", ...options });
  if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname.startsWith(loginPath))) {
    sayExpired();
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

export function watchSession() {
  // Before htmx follows HX-Redirect or swaps a sign-in form into a card: stay here, say so, offer the way.
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const landed = xhr.responseURL ? new URL(xhr.responseURL).pathname : "";
    if (xhr.status === 401 || landed.startsWith(loginPath)) {
      event.preventDefault();
      sayExpired();
    }
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401 || isQuiet(event)) return;
    toast(status === 403 ? "您的角色不能进行这项操作。" : status === 404 ? "没有找到，可能已删除。" : status === 429 ? "操作太频繁，请稍后再试。" : "出了点问题，没有保存，请稍后再试。");
  });
  document.body.addEventListener("htmx:sendError", (event) => isQuiet(event) || toast("没有网络，内容还在，请稍后再试。"));
}

// A hint nobody asked for ([data-quiet]) that does not come is no news, least of all in a workshop without signal.
function isQuiet(event) {
  return event.target.closest("[data-quiet]") !== null;
}
