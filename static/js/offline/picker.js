// The enterprise picker without signal: 汉字, pinyin or initials over the enterprises kept on the phone.
const MOST = 12;
const plain = (text) => text.toLowerCase().replace(/\s+/g, "");

function rank(row, typed) {
  if (row.label.startsWith(typed) || row.initials.startsWith(typed)) return 1;
  if (row.pinyin.startsWith(typed)) return 2;
  return row.label.toLowerCase().includes(typed) || row.initials.includes(typed) || row.pinyin.includes(typed) ? 3 : 0;
}

/** Where in the name what was typed stands, as written or by initials; by initials only where every letter and character has one. */
function marks(row, typed) {
  if (!typed) return [];
  const literal = row.label.toLowerCase().indexOf(typed);
  if (literal >= 0) return [[literal, literal + typed.length]];
  const places = [...row.label.matchAll(/[\p{L}\p{N}]/gu)].map((match) => match.index);
  const at = row.initials.indexOf(typed);
  if (at < 0 || places.length !== row.initials.length) return [];
  return [[places[at], places[at + typed.length - 1] + 1]];
}

/** What the portal's own picker would answer. Nothing typed: the key enterprises first, as they are kept. */
export function search(content, text) {
  const typed = plain(text);
  const ranked = content.enterprises.map((row) => ({ row, rank: typed ? rank(row, typed) : 1 })).filter((each) => each.rank);
  ranked.sort((a, b) => a.rank - b.rank);
  return {
    results: ranked.slice(0, MOST).map(({ row }) => ({
      id: row.id,
      label: row.label,
      detail: row.township,
      township: row.township,
      group: typed ? "" : "本机保存的企业",
      marks: marks(row, typed),
      chips: row.key ? [{ label: "重点", tone: "brand" }] : [],
    })),
    more: ranked.length > MOST || (content.more && !ranked.length),
  };
}
