// The ordinary visit form when the line is gone: what was filled in goes into the phone's queue, under the ids the form already has.
import { dropDraft, read } from "../modules/draft.js";
import { newId } from "../modules/client-id.js";
import { factsOf } from "../modules/photos.js";
import { search } from "./picker.js";
import { facts, keep } from "./store.js";
import { who } from "./who.js";

export async function searchKept(text) {
  const known = await facts(who().id);
  return known && search(known.content, text);
}

export async function queueForm(form) {
  const values = read(form);
  const label = (values.target_kind?.[0] === "enterprise" ? values.enterprise__text?.[0] : values.target_name?.[0]) || "还没有填写走访对象";
  const photos = [...form.querySelector("[name=photos]").files].map((file) => ({ id: newId(), blob: file, name: file.name, facts: factsOf(file), sent: false }));
  await keep(who().id, { id: form.querySelector("[name=id]").value, state: "waiting", values, label, day: values.visited_on?.[0] ?? "", photos });
  dropDraft(form);
}
