// Rows chosen for a bulk action: <form data-module="select-all">, [data-all] ticks every [data-one]; [data-chosen] counts; .bulk appears when any is.
export function start(root) {
  const ones = () => [...root.querySelectorAll("[data-one]")];
  const all = root.querySelector("[data-all]");
  const show = () => {
    const chosen = ones().filter((box) => box.checked).length;
    for (const place of root.querySelectorAll("[data-chosen]")) place.textContent = String(chosen);
    for (const bar of root.querySelectorAll("[data-bulk]")) bar.hidden = chosen === 0;
    if (all) {
      all.checked = chosen > 0 && chosen === ones().length;
      all.indeterminate = chosen > 0 && chosen < ones().length;
    }
  };
  root.addEventListener("change", (event) => {
    if (event.target === all) for (const box of ones()) box.checked = all.checked;
    show();
  });
  addEventListener("pageshow", show); // coming back, the browser ticks the boxes again
  show();
}
