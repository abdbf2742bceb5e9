// A call in the forms that people paste: JSON, a curl command, a call of the Python client.

import { HIDDEN } from "./dom.js";

const TYPES = ["identify", "track", "page", "screen", "group", "alias"];

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns JSON in which no character hides or reorders what a terminal or an editor shows. */
const json = (value, indent) =>
  JSON.stringify(value, null, indent).replace(HIDDEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Returns what was received, as JSON. */
export const asJson = (call) => json(call.event ?? call.raw, 2);

/** Returns a command that sends the call again; the write key is to be filled in. */
export function asCurl(call, url) {
  const path = call.raw?.message_id ? "event" : TYPES.includes(call.raw?.type) ? call.raw.type : TYPES.includes(call.type) ? call.type : "track";
  return [
    `curl ${quoted(`${url}/v1/${path}`)} -u "$WRITE_KEY:" -H 'Content-Type: application/json'`,
    `-d ${quoted(json(call.raw))}`,
  ].join(" \\\n  ");
}

/** Returns the call as Python, for a `client` of segment_client; values have the types that they came with. */
export function asPython(call) {
  const raw = call.raw !== null && typeof call.raw === "object" ? call.raw : {};
  const event = call.event ?? raw;
  const type = TYPES.includes(event.type) ? event.type : "track";
  const { library, cxs, ...context } = isObject(raw.context) ? raw.context : {};
  const own = {
    track: { event_name: event.event ?? "" },
    group: { group_id: event.context?.group_id ?? raw.groupId ?? "" },
    alias: { previous_id: event.previous_id ?? raw.previousId ?? "" },
    page: { name: event.page?.name ?? raw.name },
    screen: { name: event.screen?.name ?? raw.name },
  }[type];
  const fields = {
    root_event_gid: event.root_event_gid ?? "00000000-0000-0000-0000-000000000000",
    ...own,
    user_id: event.user_id ?? raw.userId,
    anonymous_id: event.anonymous_id ?? raw.anonymousId,
    timestamp: event.timestamp,
    properties: raw.properties,
    traits: raw.traits,
    context: Object.keys(context).length && !raw.message_id ? context : null,
  };
  const passed = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return `client.${type}(\n${passed.map(([name, value]) => `    ${name}=${literal(value, 1)},\n`).join("")})`;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function literal(value, depth) {
  const pad = "    ".repeat(depth + 1);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object" || JSON.isRawJSON?.(value)) return json(value);
  const array = Array.isArray(value);
  const items = array
    ? value.map((item) => literal(item, depth + 1))
    : Object.entries(value).map(([key, item]) => `${json(key)}: ${literal(item, depth + 1)}`);
  const [open, close] = array ? "[]" : "{}";
  return items.length ? `${open}\n${items.map((item) => `${pad}${item},\n`).join("")}${pad.slice(4)}${close}` : open + close;
}
