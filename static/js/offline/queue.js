// The ordinary visit form when the line is gone: what was filled in goes into the phone's queue, under the ids the form already has.
import { dropDraft, read } from "../modules/draft.js";
import { newId } from "../modules/client-id.js";
import { factsOf } from "../modules/photos.js";
import { labelOf } from "./payload.js";
import { search } from "./picker.js";
import { facts, keep } from "./store.js";
import { who } from "../modules/who.js";

/** A chosen photo as it is kept, under an id of the phone's. */
export const asPhoto = (file) => ({ id: newId(), blob: file, name: file.name, facts: factsOf(file), sent: false });

export async function searchKept(text) {
  const known = await facts(who().id);
  return known && search(known.content, text);
}

export async function queueForm(form) {
  const values = read(form);
  const photos = [...form.querySelector("[name=photos]").files].map(asPhoto);
  const id = form.querySelector("[name=id]").value;
  await keep(who().id, { id, state: "waiting", values, label: labelOf(values), day: values.visited_on?.[0] ?? "", photos });
  dropDraft(form);
}
