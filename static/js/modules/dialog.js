// <button data-dialog="ID"> opens <dialog id="ID" data-module="dialog">; so does an address that ends in #ID; a refused form comes back with data-open.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
});

export function start(dialog) {
  dialog.addEventListener("mousedown", (event) => {
    // A click on the backdrop closes, unless something was typed: that would be lost by a slip.
    if (event.target === dialog && !dialog.querySelector("form")?.dataset.touched) dialog.close();
  });
  dialog.addEventListener("input", () => {
    const form = dialog.querySelector("form");
    if (form) form.dataset.touched = "1";
  });
  if (dialog.hasAttribute("data-open") || location.hash === `#${dialog.id}`) dialog.showModal();
}
