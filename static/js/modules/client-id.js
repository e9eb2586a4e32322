// The id of what this form will create is made here, so that a retry is the same row.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Pages over plain http have no randomUUID; getRandomValues is always there.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// On an input: fills it. On a form or a row: fills every [data-client-id] inside.
export function start(element) {
  const inputs = element.matches("input") ? [element] : element.querySelectorAll("input[data-client-id]");
  for (const input of inputs) {
    if (!input.value) {
      input.value = newId();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
