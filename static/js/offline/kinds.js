// What the phone's queue may hold, and how each kind is sent, shown and opened again. A new kind is one module and one line here.
import { check } from "./check-kind.js";
import { visit } from "./visit-kind.js";

const KINDS = { visit, check };

/** Everything older than the second kind is a visit. */
export const kindOf = (item) => KINDS[item.kind ?? "visit"];

/** The words of what the phone keeps beside the queue: 自己片区的企业名单（87 家）、…. */
export const keptWords = (content) =>
  Object.values(KINDS)
    .map((kind) => kind.kept(content))
    .filter(Boolean)
    .join("、");
