// <details data-module="insert-text" data-into="answer note"> (or any other element) with links or buttons [data-text]: a click puts the text into the first of these fields the form has.
export function start(box) {
  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-text]");
    const form = box.closest("form");
    if (!link || !form) return;
    const names = (box.dataset.into ?? "note").split(" ");
    const field = names.map((name) => form.elements[name]).find(Boolean);
    if (!field) return;
    event.preventDefault();
    const { selectionStart: from, selectionEnd: to, value } = field;
    field.value = value.slice(0, from) + link.dataset.text + value.slice(to);
    field.selectionStart = field.selectionEnd = from + link.dataset.text.length;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    box.open = false;
    field.focus();
  });
}
