// What this phone keeps, in an IndexedDB database a person: what is not sent yet (`items`: visits, checks of stations; see kinds.js) and what the forms need without signal (`facts`).
// Every call opens and closes the database, so that wiping it never waits for a page left open.
const PREFIX = "portal-phone-";
const nameOf = (user) => `${PREFIX}${user}`;

export const STATES = { draft: "草稿", waiting: "待发送", sending: "发送中", sent: "已送达", attention: "需要处理" };
/** What would be lost with the phone. */
export const isUnsent = (item) => item.state !== "sent";

const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("portal-phone") : null;
const listeners = new Set();

export function onNews(listener) {
  listeners.add(listener);
}

/** Tells this tab and the others that something kept has changed. */
export function tell(what = {}) {
  news?.postMessage(what);
  for (const listener of listeners) listener(what);
}
news?.addEventListener("message", (event) => {
  for (const listener of listeners) listener(event.data);
});

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open(user) {
  const request = indexedDB.open(nameOf(user), 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("items", { keyPath: "id" });
    request.result.createObjectStore("facts");
  };
  return done(request);
}

/** Runs `work(store)` in one transaction and returns what it resolves to, once it is really written. */
async function within(user, store, mode, work) {
  const database = await open(user);
  try {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore(store));
    await finished;
    return result;
  } finally {
    database.close();
  }
}

export const item = (user, id) => within(user, "items", "readonly", (store) => done(store.get(id)));

/** Oldest first: the order in which they are sent. */
export async function items(user) {
  const found = await within(user, "items", "readonly", (store) => done(store.getAll()));
  return found.sort((a, b) => a.made_at - b.made_at);
}

/** Keeps an item; `at` is when it last changed. */
export async function keep(user, kept) {
  await within(user, "items", "readwrite", (store) => done(store.put({ made_at: Date.now(), ...kept, at: Date.now() })));
  tell();
}

/** Changes an item in one transaction, so that two tabs never write over each other; undefined where it is gone. */
export async function change(user, id, changes) {
  const result = await within(user, "items", "readwrite", async (store) => {
    const found = await done(store.get(id));
    if (!found) return undefined;
    const fresh = { ...found, ...(typeof changes === "function" ? changes(found) : changes), at: Date.now() };
    await done(store.put(fresh));
    return fresh;
  });
  tell();
  return result;
}

/** Puts one item in the place of another, both or neither. */
export async function replace(user, id, fresh) {
  await within(user, "items", "readwrite", async (store) => {
    await done(store.delete(id));
    await done(store.put({ ...fresh, at: Date.now() }));
  });
  tell();
}

export async function drop(user, id) {
  await within(user, "items", "readwrite", (store) => done(store.delete(id)));
  tell();
}

export const facts = (user) => within(user, "facts", "readonly", (store) => done(store.get("form")));
export const keepFacts = (user, content) => within(user, "facts", "readwrite", (store) => done(store.put(content, "form")));

export async function unsent(user) {
  return (await items(user)).filter(isUnsent);
}

/** Everybody of whom something is kept here. */
export async function peopleHere() {
  const databases = (await indexedDB.databases?.()) ?? [];
  return databases.filter((each) => each.name.startsWith(PREFIX)).map((each) => Number(each.name.slice(PREFIX.length)));
}

export const wipe = (user) => done(indexedDB.deleteDatabase(nameOf(user)));
