// Whose phone this is at the moment. Written by every page that knows who is signed in; read by the kept pages, which know nobody.
const KEY = "portal:who";

export function who() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null; // storage switched off, or not ours
  }
}

export function setWho(person) {
  if (person) localStorage.setItem(KEY, JSON.stringify(person));
  else localStorage.removeItem(KEY);
}
