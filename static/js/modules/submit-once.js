// A double tap sends one form. The button shows that it works; coming back by the browser's history frees it again.
export function start(form) {
  let sent = false;

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (event.defaultPrevented) return;
    sent = true;
    const button = event.submitter ?? form.querySelector("[type=submit]");
    // Not `disabled`: the pressed button's own name and value must still be sent.
    for (const each of form.querySelectorAll("[type=submit]")) each.setAttribute("aria-disabled", "true");
    button?.classList.add("is-busy");
  });

  const free = () => {
    sent = false;
    for (const each of form.querySelectorAll("[type=submit]")) {
      each.removeAttribute("aria-disabled");
      each.classList.remove("is-busy");
    }
  };
  addEventListener("pageshow", (event) => event.persisted && free());
  form.addEventListener("htmx:afterRequest", (event) => event.target === form && free()); // not a hint's within it
}
