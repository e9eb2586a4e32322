// Filters: selects, dates and checkboxes send the form at once; text waits for Enter. Empty fields stay out of the address.
export function start(form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=date], input[type=month], input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "" && !field.disabled) field.disabled = true;
    setTimeout(() => [...form.elements].forEach((field) => (field.disabled = false)), 0);
  });
}
