// The service worker: keeps the files and the pages that open without signal, and nothing else. No page of a person, no answer of the API is ever cached.
import { sendAll } from "./sender.js";
import { peopleHere } from "./store.js";

const PREFIX = "portal-shell-";
/** A workshop's one bar of signal is worse than none: after this long the kept form opens instead. */
const PATIENCE_MS = 8_000;

export function serve({ version, files, pages, instead }) {
  const name = `${PREFIX}${version}`;
  const kept = [...files, ...Object.values(pages)];

  async function fill() {
    const cache = await caches.open(name);
    const here = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
    // Without the session: what is kept must be nobody's. A file's name says its content, so the browser may have it already.
    const missing = kept.filter((url) => !here.has(url));
    await cache.addAll(missing.map((url) => new Request(url, { credentials: "omit", cache: files.includes(url) ? "default" : "no-cache" })));
  }

  async function dropOld() {
    for (const each of await caches.keys()) if (each.startsWith(PREFIX) && each !== name) await caches.delete(each);
  }

  const fromCache = (url) => caches.open(name).then((cache) => cache.match(url, { ignoreVary: true }));

  async function page(request, path) {
    const own = Object.values(pages).includes(path) && (await fromCache(path));
    if (own) return own;
    try {
      return await (path in instead ? fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) }) : fetch(request));
    } catch (error) {
      const kept = await fromCache(instead[path] ?? pages["no-network"]);
      if (kept) return kept;
      throw error;
    }
  }

  addEventListener("install", (event) => {
    // Where the browser can, it takes the files from the cache without waking the worker for each of them.
    const straight = event.addRoutes?.({ condition: { urlPattern: "/static/*", requestMethod: "get" }, source: { cacheName: name } });
    event.waitUntil(Promise.all([straight, fill()]).then(() => skipWaiting()));
  });
  addEventListener("activate", (event) => event.waitUntil(dropOld().then(() => clients.claim())));
  addEventListener("message", (event) => event.data === "fill" && event.waitUntil(fill()));

  addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(request, url.pathname));
    else if (files.includes(url.pathname)) event.respondWith(fromCache(url.pathname).then((found) => found ?? fetch(request)));
  });

  // Where the browser offers it: what waits is sent with no page open. Whose session it is, the sender finds out.
  addEventListener("sync", (event) => {
    if (event.tag === "send") event.waitUntil(peopleHere().then((people) => Promise.all(people.map(sendAll))));
  });
}
