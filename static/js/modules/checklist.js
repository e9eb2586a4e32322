// The checklist of the visit form: an item found wrong offers to enter it as an issue; "the rest is fine" in one tap.
//   <div data-module="checklist" hx-get="…"> what the server sends for the kind of visit, with data-kind and data-checklist </div>
// The items come and go with the kind; a draft put back for another kind fetches that kind's items first and is then put back into them.
import { refill } from "./draft.js";

const FINDINGS = ["problem", "no"];
const FINE = ["good", "yes"];

function offer(place) {
  for (const button of place.querySelectorAll("[data-rest-fine]")) button.hidden = false;
  for (const row of place.querySelectorAll("[data-asks]")) {
    const button = row.querySelector("[data-raise]");
    if (button) button.hidden = !FINDINGS.includes(row.querySelector("input:checked")?.value);
  }
}

function raise(form, button) {
  form.querySelector("[data-rows-add]").click();
  const row = [...form.querySelectorAll("[data-issues] [data-row]")].at(-1);
  const title = row.querySelector('[name$="-title"]');
  title.value = `不符合：${button.dataset.title}`;
  const category = row.querySelector('[name$="-category"]');
  if ([...category.options].some((option) => option.value === button.dataset.category)) category.value = button.dataset.category;
  title.dispatchEvent(new Event("input", { bubbles: true }));
  category.dispatchEvent(new Event("change", { bubbles: true }));
  row.scrollIntoView({ block: "center" });
  title.focus();
}

function restFine(place) {
  for (const row of place.querySelectorAll("[data-asks]")) {
    if (row.querySelector("input:checked")) continue;
    const fine = [...row.querySelectorAll("input")].find((input) => FINE.includes(input.value));
    if (fine) fine.checked = true;
  }
  place.dispatchEvent(new Event("change", { bubbles: true }));
}

export function start(place) {
  const form = place.closest("form");
  const kind = form.querySelector("#id_kind");
  const shown = () => place.firstElementChild?.dataset ?? {};
  const wanted = () => place.querySelector("[name=checklist]:checked")?.value ?? shown().checklist;

  place.addEventListener("change", () => offer(place));
  place.addEventListener("click", (event) => {
    if (event.target.closest("[data-rest-fine]")) restFine(place);
    const button = event.target.closest("[data-raise]");
    if (button) raise(form, button);
  });
  form.addEventListener("draft:restored", () => {
    offer(place);
    if (shown().kind === kind.value && shown().checklist === wanted()) return;
    place.addEventListener("htmx:afterSettle", () => refill(form), { once: true });
    window.htmx?.ajax("GET", place.getAttribute("hx-get"), { source: place, target: place, swap: "innerHTML" });
  });
  place.addEventListener("htmx:afterSettle", () => offer(place));
  offer(place);
}
