// The text of a search, changed by hand's reach: a term more, a term less, another span of time.

const TERM = /-?(?:[A-Za-z_]+:)?(?:"(?:[^"\\]|\\.)*"|\S+)/g;
const TIME = /^(?:last|after|before):/;

const terms = (q) => q.match(TERM) ?? [];

/** Returns the term that finds a field's exact value. */
export function exactly(field, value) {
  const plain = /^[^\s"*\\]+$/.test(value);
  return `${field}:${plain ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
}

/** Returns whether a search has a term. */
export const has = (q, term) => terms(q).includes(term);

/** Returns a search with a term in place of others of its field, or without it where it has it. */
export function toggled(q, term) {
  const field = term.slice(0, term.indexOf(":") + 1);
  const rest = terms(q).filter((other) => !other.startsWith(field));
  return [...rest, ...(has(q, term) ? [] : [term])].join(" ");
}

/** Returns a search with these terms of time in place of its own. */
export const timed = (q, ...times) => [...terms(q).filter((term) => !TIME.test(term)), ...times].join(" ");

/** Returns the one term of time of a search, "" for none and for several. */
export function timeOf(q) {
  const times = terms(q).filter((term) => TIME.test(term));
  return times.length === 1 ? times[0] : "";
}
