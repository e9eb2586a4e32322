// <div data-module="plan-board">: what is dragged ([data-drag], holding a form with a select planned_on) and dropped on a day ([data-day]) sends that form for the day.
// The select and its button do the same for keyboards, fingers and browsers without scripts.
export function start(board) {
  let dragged = null;

  const selectOf = (element) => element.querySelector("select[name=planned_on]");
  const dayUnder = (event) => {
    const day = event.target.closest("[data-day]");
    return dragged && day && selectOf(dragged)?.querySelector(`option[value="${day.dataset.day}"]`) ? day : null;
  };
  const mark = (day) => {
    for (const each of board.querySelectorAll(".is-target")) each.classList.toggle("is-target", each === day);
    day?.classList.add("is-target");
  };

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-drag]");
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", ""); // some browsers drag nothing without data
  });
  board.addEventListener("dragover", (event) => {
    const day = dayUnder(event);
    if (day) event.preventDefault();
    mark(day);
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    mark(null);
  });
  board.addEventListener("drop", (event) => {
    const day = dayUnder(event);
    if (!day) return;
    event.preventDefault();
    const select = selectOf(dragged);
    if (day.contains(dragged)) return; // put down where it was
    select.value = day.dataset.day;
    select.form.requestSubmit();
  });
}
