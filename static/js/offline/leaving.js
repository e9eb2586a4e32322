// What the phone keeps goes when its person signs out: their database, the kept pages, the worker.
import { tell, unsent, wipe } from "./store.js";
import { setWho, who } from "../modules/who.js";

export const unsentHere = async () => (await unsent(who().id)).length;

export async function leave() {
  const { id } = who();
  setWho(null);
  await wipe(id);
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) await registration.unregister();
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  tell();
}
