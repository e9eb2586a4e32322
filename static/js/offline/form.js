// The kept visit form: choices, picker and issue rows from what the phone keeps.
import { answerFromPhone } from "../modules/combobox.js";
import { make } from "../modules/dom.js";
import { keepForm } from "./keeping.js";
import { fieldName, issueRows, labelOf, missing } from "./payload.js";
import { search } from "./picker.js";

const form = document.getElementById("visit-form");

function fillChoices(content) {
  const options = (rows) => rows.map((row) => make("option", { value: row.id }, row.label));
  form.querySelector("[name=township]").append(...options(content.townships));
  if (content.townships.length === 1) form.querySelector("[name=township]").value = content.townships[0].id;
  const rows = form.querySelector("template[data-rows-template]").content;
  for (const select of [...form.querySelectorAll("[name$=-category]"), ...rows.querySelectorAll("[name$=-category]")]) select.append(...options(content.categories));
  document.getElementById("issue-promises").textContent = JSON.stringify(content.promises);
  answerFromPhone(form.querySelector('[data-module~="combobox"]'), (text) => search(content, text));
}

function choose(row) {
  if (!row) return;
  form.querySelector("[name=enterprise]").value = row.id;
  form.querySelector("#id_enterprise_text").value = row.label;
  form.querySelector("[data-issues]").dataset.township = row.township;
}

const enterprise = (content, code) => content.enterprises.find((row) => row.id === code);

form.addEventListener("draft:restored", () => performance.mark("visit-form-usable"), { once: true });

// The page names this script last: rows, picker and photos are there to be filled.
keepForm(form, {
  kind: "visit",
  address: "/visits/offline/",
  dayField: "visited_on",
  canFill: (content) => Boolean(content.enterprises),
  offer: fillChoices,
  begin: (content, asked) => choose(enterprise(content, asked.get("enterprise"))),
  restore: (content, found) => choose(enterprise(content, found.values.enterprise?.[0])),
  describe: (values) => ({ label: labelOf(values) }),
  missing,
  fieldOf: (name, values) => fieldName(name, issueRows(values)),
  targetOf: (name) => (name === "enterprise" ? "id_enterprise_text" : null),
});
