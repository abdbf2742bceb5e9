// The collector's API, as far as the page needs it.

/** An answer that says what is wrong; `message` is for people. */
export class Refused extends Error {}

/** What there is instead of an answer while the collector is away. */
export class Unanswered extends Refused {}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unanswered("The collector does not answer: is it running?");
  }
  const body = await answer.text().then((text) => JSON.parse(text, exact)).catch(() => ({}));
  if (!answer.ok) throw new Refused(body.message ?? `The collector answered ${answer.status}.`);
  return body;
}

/** Keeps a number as it was written where JavaScript would change it, such as 12345678901234567890 or 1.0. */
function exact(_, value, context) {
  const changed = typeof value === "number" && context?.source !== undefined && String(value) !== context.source;
  return changed && JSON.rawJSON ? JSON.rawJSON(context.source) : value;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return new URLSearchParams(given).toString();
}

const DOUBTFUL = "has:warning";

/** What a tab lists, as parameters: its status, and the search with what only the tab asks for. */
const asked = (tab, q) =>
  tab === "rejected" ? { status: "rejected", q } : { status: "accepted", q: tab === "warned" ? `${q} ${DOUBTFUL}`.trim() : q };

/** Returns whether a row is one of a tab's. */
export const belongs = (tab, row) => (tab === "rejected" ? !row.accepted : row.accepted && (tab === "accepted" || row.issues > 0));

/** Lists a tab's calls, newest first: {calls, next, last, counts}. */
export const listCalls = (tab, { q, ...parameters }, signal) => ask(`/api/calls?${query({ ...asked(tab, q), ...parameters })}`, { signal });

/** Returns all that is kept of one call. */
export const readCall = (seq) => ask(`/api/calls/${seq}`);

/** Returns the counts of each of the last minutes. */
export const readMinutes = (minutes) => ask(`/api/stats?minutes=${minutes}`);

/** Returns where what a search finds on a tab is, as JSON lines. */
export const exportPath = (tab, q) => `/api/export?${query(asked(tab, q))}`;

/** Deletes everything. */
export const clearAll = () => ask("/api/events", { method: "DELETE" });

/** Returns where the changes after `from` that a search finds are streamed. */
export const streamPath = (from, q) => `/api/stream?${query({ from, q })}`;

/** Returns the events that the catalogue describes, and where: {events: [{type, event, path}]}. */
export const readCatalogue = () => ask("/api/catalogue");
