// The arrow keys follow the links rel="prev" and rel="next" of the element, unless somebody is typing or a dialog is open.
export function start(steps) {
  document.addEventListener("keydown", (event) => {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    steps.querySelector(`a[rel="${rel}"]`)?.click();
  });
}
