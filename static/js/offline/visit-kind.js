// A visit (走访) in the queue.
import { both } from "./compare.js";
import { payloadOf, sameVisit } from "./payload.js";

export const visit = {
  name: "走访",
  api: "/api/v1/visits/",
  form: "/visits/offline/",
  page: (item) => `/visits/${item.id}/`,
  payload: (item) => payloadOf(item.id, item.values),
  same: sameVisit,
  both,
  /** What stands beside the day in the list. */
  parts: ({ values }) => {
    const issues = Object.keys(values ?? {}).filter((name) => /^issues-\d+-title$/.test(name) && values[name][0]).length;
    return issues ? [`问题 ${issues} 个`] : [];
  },
  /** The ids inside the item that a copy needs anew. */
  hasId: (name) => /^issues-\d+-id$/.test(name),
  kept: (content) => content.enterprises && `自己片区的企业名单（${content.enterprises.length} 家）`,
};
