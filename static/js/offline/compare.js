// Two versions of a visit line by line: the one on this phone, and the one the portal has.
import { payloadOf } from "./payload.js";

const CHECKS = { morale: "职工状态", vitality: "工会活力", employment: "劳动用工", assistance: "帮扶举措", rights: "权益保障" };

/** 2024-09-12 -> 2024年9月12日. */
export const zhDay = (day) => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");

/** [{label, theirs, mine, changed}] of what differs, and of what names the visit; `words` are the choices in words, as the phone keeps them. */
export function both(item, words) {
  const mine = payloadOf(item.id, item.values);
  const theirs = item.conflict;
  if (!theirs) return [];
  const say = (kind, value) => words?.[kind]?.[value] ?? value;
  const issues = (visit) => visit.issues.map((issue) => issue.title).join("；");
  // Of an enterprise that is not the one chosen here the phone may know no name.
  const named = (code) => (code === mine.enterprise ? item.label : code);
  const target = (visit) => (visit.target_kind === "enterprise" ? named(visit.enterprise) : visit.target_name);
  const pairs = [
    ["走访对象", target(theirs), target(mine)],
    ["走访日期", zhDay(theirs.visited_on), zhDay(mine.visited_on)],
    ["方式", say("mode", theirs.mode), say("mode", mine.mode)],
    ["走访类型", say("kind", theirs.kind), say("kind", mine.kind)],
    ["见到的人", theirs.met, mine.met],
    ["走访人次", String(theirs.headcount), String(mine.headcount)],
    ...Object.entries(CHECKS).map(([name, label]) => [label, say("check", theirs.checks[name]), say("check", mine.checks[name])]),
    ["走访情况", theirs.narrative, mine.narrative],
    ["问题", issues(theirs), issues(mine)],
  ];
  return pairs.map(([label, a, b], n) => ({ label, theirs: a, mine: b, changed: a !== b, names: n < 2 })).filter((row) => row.changed || row.names);
}
