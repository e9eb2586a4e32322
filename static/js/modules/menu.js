// <details class="menu">: closes on a click elsewhere and on Escape.
export function start(menu) {
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("toggle", () => {
    // Opened near the edge of a phone it would hang out: hang it from the other side.
    const panel = menu.querySelector(".menu-panel");
    if (!menu.open || !panel) return;
    const place = panel.getBoundingClientRect();
    if (place.right > document.documentElement.clientWidth) panel.classList.replace("start", "end") || panel.classList.add("end");
    else if (place.left < 0) panel.classList.add("start");
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
