// Which events the catalogue describes, and where.

import { readCatalogue } from "./api.js";

const EVERY_EVENT = "/catalogue#every-event";

let entries = null;

async function read() {
  const { events } = await readCatalogue();
  return new Map(events.reverse().map(({ type, event, path }) => [`${type} ${event}`, path])); // the first is the newest
}

/** Returns where the catalogue describes a call's event, or null. */
export async function entryOf(call) {
  entries ??= read().catch(() => new Map()); // without it there are no links
  const found = await entries;
  return found.get(`${call.type} ${call.event?.event ?? call.raw?.event ?? call.raw?.name}`) ?? found.get(`${call.type} `) ?? null;
}

/** Returns where the catalogue describes what an issue is about, of a call whose event has that entry. */
export function placeOf(issue, entry) {
  if (!/^(properties|traits|event)(\.|$)/.test(issue.path)) return EVERY_EVENT;
  return entry ?? "/catalogue";
}
