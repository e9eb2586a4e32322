// Phones: the sidebar is a drawer behind the menu button.
export function watchSide() {
  const toggle = document.querySelector("[data-side-toggle]");
  const side = document.getElementById("side");
  if (!toggle || !side) return;
  const set = (open) => {
    document.body.classList.toggle("side-open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? "关闭导航" : "打开导航");
    if (open) side.querySelector("a").focus();
  };
  toggle.addEventListener("click", () => set(!document.body.classList.contains("side-open")));
  document.querySelector("[data-side-close]")?.addEventListener("click", () => set(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("side-open")) {
      set(false);
      toggle.focus();
    }
  });
}
