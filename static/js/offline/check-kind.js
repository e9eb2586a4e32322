// A checklist filled in at a station (自查, 抽查) in the queue. Fields: station, use, checklist, checked_on, answer-<code>, remark-<code>, note.
import { one } from "./payload.js";
import { zhDay } from "./compare.js";

export const USES = { self: "自查", spot: "抽查" };
/** Answers that say something is wrong. */
export const WRONG = ["no", "problem"];

/** The fields with a prefix as an object, empty ones left out. */
function under(values, prefix) {
  const names = Object.keys(values).filter((name) => name.startsWith(prefix) && one(values, name));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), one(values, name)]));
}

function payload({ id, values }) {
  const answers = under(values, "answer-");
  // What was wrong, where it still is: the words under an answer that was changed to 是 stay on the page, unseen.
  const remarks = Object.entries(under(values, "remark-")).filter(([code]) => WRONG.includes(answers[code]));
  return {
    id,
    station: one(values, "station").replace(/^\w+:/, ""), // the form names it with its use
    use: one(values, "use"),
    checklist: Number(one(values, "checklist")),
    checked_on: one(values, "checked_on"),
    answers,
    remarks: Object.fromEntries(remarks),
    note: one(values, "note"),
  };
}

const alike = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

function both(item, words) {
  const mine = payload(item);
  const theirs = item.conflict;
  if (!theirs) return [];
  const texts = item.texts ?? {};
  const label = (code) => texts[code] ?? code;
  const say = (value) => words?.check_answers?.[value] ?? value ?? "";
  const codes = [...new Set([...Object.keys(theirs.answers), ...Object.keys(mine.answers)])];
  const said = (side, code) => [say(side.answers[code]), side.remarks[code]].filter(Boolean).join("：");
  const pairs = [
    ["检查日期", zhDay(theirs.checked_on), zhDay(mine.checked_on)],
    ...codes.map((code) => [label(code), said(theirs, code), said(mine, code)]),
    ["情况说明", theirs.note, mine.note],
  ];
  return pairs.map(([name, a, b], n) => ({ label: name, theirs: a, mine: b, changed: a !== b, names: n === 0 })).filter((row) => row.changed || row.names);
}

export const check = {
  name: "检查",
  api: "/api/v1/station-checks/",
  form: "/stations/care/check/",
  page: (item) => `/stations/care/checks/${item.id}/`,
  payload,
  same: (mine, stored) => ["station", "use", "checklist", "checked_on", "note"].every((name) => mine[name] === stored[name]) && alike(mine.answers, stored.answers) && alike(mine.remarks, stored.remarks),
  both,
  parts: ({ values }) => (values ? [USES[one(values, "use")], `已填 ${Object.keys(under(values, "answer-")).length} 项`].filter(Boolean) : []),
  hasId: () => false,
  kept: (content) => content.stations && `自己要检查的驿站（${content.stations.length} 个）和检查表`,
};
