// Repeated rows of a Django formset.
//   <div data-module="rows" data-prefix="issues">{{ formset.management_form }}
//     <div class="rows" data-rows-list> … one [data-row] a form … </div>
//     <template data-rows-template> [data-row] with __prefix__ </template>
//     <button type="button" data-rows-add>再加一个问题</button></div>
// A row's [data-row-remove] takes it out; rows stored already are ticked for deletion and hidden.
export function start(root) {
  const list = root.querySelector("[data-rows-list]");
  const template = root.querySelector("template[data-rows-template]");
  const total = root.querySelector(`[name="${root.dataset.prefix}-TOTAL_FORMS"]`);
  const most = Number(root.querySelector(`[name="${root.dataset.prefix}-MAX_NUM_FORMS"]`)?.value || 1000);
  const addButton = root.querySelector("[data-rows-add]");

  const living = () => [...list.querySelectorAll("[data-row]")].filter((row) => !row.hidden);

  function show() {
    living().forEach((row, index) => {
      for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = String(index + 1);
    });
    for (const place of root.querySelectorAll("[data-rows-count]")) place.textContent = String(living().length);
    if (addButton) addButton.disabled = Number(total.value) >= most;
  }

  function add({ focus = true } = {}) {
    const index = Number(total.value);
    if (index >= most) return;
    const piece = template.content.cloneNode(true);
    for (const element of piece.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) {
        if (value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", String(index)));
      }
    }
    const row = piece.querySelector("[data-row]");
    list.append(piece);
    total.value = String(index + 1);
    row.dispatchEvent(new CustomEvent("portal:added", { bubbles: true }));
    show();
    if (focus) row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    root.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function remove(row) {
    const marker = row.querySelector('[name$="-DELETE"]');
    if (marker) {
      // The server is told: a stored row is deleted, a new one is ignored. Numbers of the others stay.
      marker.type === "checkbox" ? (marker.checked = true) : (marker.value = "on");
      for (const field of row.querySelectorAll("[required]")) field.required = false;
    } else {
      for (const field of row.querySelectorAll("input:not([type=hidden]), textarea, select")) field.disabled = true;
    }
    row.hidden = true;
    show();
    addButton?.focus();
    root.dispatchEvent(new Event("change", { bubbles: true }));
  }

  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-rows-add]")) add();
    const remover = event.target.closest("[data-row-remove]");
    if (remover) remove(remover.closest("[data-row]"));
  });
  root.addEventListener("rows:ensure", (event) => {
    while (Number(total.value) < Math.min(event.detail, most)) add({ focus: false });
  });
  root.closest("form")?.addEventListener("draft:restored", () => {
    for (const row of list.querySelectorAll("[data-row]")) {
      const marker = row.querySelector('[name$="-DELETE"]');
      if (marker?.type === "checkbox" ? marker.checked : marker?.value === "on") row.hidden = true;
    }
    show();
  });
  show();
}
