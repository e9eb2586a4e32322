// Characters typed of the most a field takes.
export function start(field) {
  const control = field.querySelector("textarea, input");
  const place = field.querySelector("[data-counter]");
  if (!control || !place) return;
  const most = Number(place.dataset.counter);
  const show = () => {
    const typed = [...control.value].length;
    place.textContent = `${typed} / ${most} 字`;
    place.classList.toggle("over", typed > most);
  };
  control.addEventListener("input", show);
  control.form?.addEventListener("draft:restored", show);
  show();
}
