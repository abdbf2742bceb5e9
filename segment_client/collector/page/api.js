// The collector's API, as far as the page needs it.

/** An answer that says what is wrong; `message` is for people. */
export class Refused extends Error {}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("The collector does not answer: is it running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.message ?? `The collector answered ${answer.status}.`);
  return body;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return new URLSearchParams(given).toString();
}

/** Lists calls, newest first: {calls, next, last, counts}. */
export const listCalls = (parameters, signal) => ask(`/api/calls?${query(parameters)}`, { signal });

/** Returns all that is kept of one call. */
export const readCall = (seq) => ask(`/api/calls/${seq}`);

/** Returns the counts of each of the last minutes. */
export const readMinutes = (minutes) => ask(`/api/stats?minutes=${minutes}`);

/** Returns where the events that a search finds are, as JSON lines. */
export const exportPath = (q) => `/api/export?${query({ q })}`;

/** Deletes everything. */
export const clearAll = () => ask("/api/events", { method: "DELETE" });

/** Returns where the changes after `from` that a search finds are streamed. */
export const streamPath = (from, q) => `/api/stream?${query({ from, q })}`;
