// From the fields of the form, as they are kept, to what the API takes.
const CHECKS = ["morale", "vitality", "employment", "assistance", "rights"];

/** The first value of a field, without spaces around it. */
export const one = (values, name) => (values[name]?.[0] ?? "").trim();

/** The words that name the visit in the list. */
export function labelOf(values) {
  return one(values, one(values, "target_kind") === "enterprise" ? "enterprise__text" : "target_name") || "还没有填写走访对象";
}

/** The issue rows that count, each with its number in the form. */
export function issueRows(values) {
  const total = Number(one(values, "issues-TOTAL_FORMS") || 0);
  const rows = [];
  for (let n = 0; n < total; n += 1) {
    const of = (name) => one(values, `issues-${n}-${name}`);
    const taken = ["on", "true", "1"].includes(of("DELETE"));
    if (!taken && (of("title") || of("category") || of("description"))) {
      rows.push({ n, id: of("id"), title: of("title"), category: of("category"), description: of("description") });
    }
  }
  return rows;
}

export function payloadOf(id, values) {
  const isEnterprise = one(values, "target_kind") === "enterprise";
  return {
    id,
    visited_on: one(values, "visited_on"),
    kind: one(values, "kind"),
    mode: one(values, "mode"),
    target_kind: one(values, "target_kind"),
    enterprise: isEnterprise ? one(values, "enterprise") : "",
    target_name: isEnterprise ? "" : one(values, "target_name"),
    township: isEnterprise ? "" : one(values, "township"),
    met: one(values, "met"),
    headcount: Number(one(values, "headcount") || 1),
    checks: Object.fromEntries(CHECKS.map((name) => [name, one(values, name) || "not_seen"])),
    narrative: one(values, "narrative"),
    issues: issueRows(values).map(({ n, ...issue }) => issue),
  };
}

/** A form sends line ends as two characters, a script as one. */
const plainText = (value) => (typeof value === "string" ? value.replaceAll("\r\n", "\n") : value);

/** Whether what is kept says the same as what the portal stored. */
export function sameVisit(payload, stored) {
  const plain = ["visited_on", "kind", "mode", "target_kind", "met", "headcount", "narrative"];
  const target = payload.target_kind === "enterprise" ? payload.enterprise === stored.enterprise : payload.target_name === stored.target_name && payload.township === stored.township;
  const ids = (issues) => issues.map((issue) => issue.id).sort().join();
  return (
    target &&
    plain.every((name) => plainText(payload[name]) === plainText(stored[name])) &&
    CHECKS.every((name) => payload.checks[name] === stored.checks[name]) &&
    ids(payload.issues) === ids(stored.issues)
  );
}

/** The form field that a field of the API is: issues.0.title -> issues-2-title, checks.morale -> morale. */
export function fieldName(name, rows) {
  const [first, second, third] = name.split(".");
  if (first === "checks") return second;
  if (first === "issues" && third) return `issues-${rows[Number(second)]?.n ?? second}-${third}`;
  return name;
}

/** Wrong before it is sent: field of the form -> words. The portal judges the rest. */
export function missing(values, today) {
  const wrong = {};
  if (one(values, "target_kind") === "enterprise") {
    if (!one(values, "enterprise")) wrong.enterprise = "请选择走访的企业。";
  } else {
    if (!one(values, "target_name")) wrong.target_name = "请填写走访对象的名称。";
    if (!one(values, "township")) wrong.township = "请选择所在镇街。";
  }
  const day = one(values, "visited_on");
  if (!day) wrong.visited_on = "请填写走访日期。";
  else if (day > today) wrong.visited_on = `走访日期不能晚于今天（${today}）。`;
  const headcount = one(values, "headcount");
  if (headcount && !/^[1-9]\d{0,2}$/.test(headcount)) wrong.headcount = "走访人次应在 1 到 999 之间。";
  for (const row of issueRows(values)) {
    if (!row.title) wrong[`issues-${row.n}-title`] = "请写明问题标题。";
    if (!row.category) wrong[`issues-${row.n}-category`] = "请选择问题类别。";
  }
  return wrong;
}
