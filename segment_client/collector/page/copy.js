// A call in the forms that people paste: JSON, a curl command, a call of the Python client.

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns what was received, as JSON. */
export const asJson = (call) => JSON.stringify(call.event ?? call.raw, null, 2);

/** Returns a command that sends the call again; the write key is to be filled in. */
export function asCurl(call, url) {
  const raw = JSON.stringify(call.raw);
  const path = call.event && call.raw?.message_id ? "event" : call.raw?.type ?? "track";
  return [
    `curl ${quoted(`${url}/v1/${path}`)} -u "$WRITE_KEY:" -H 'Content-Type: application/json'`,
    `-d ${quoted(raw)}`,
  ].join(" \\\n  ");
}

/** Returns the call as Python, for a `client` of segment_client. */
export function asPython(call) {
  const event = call.event ?? call.raw ?? {};
  const place = { track: ["event", null], page: ["name", "page"], screen: ["name", "screen"], alias: ["previous_id", null] };
  const type = event.type in { identify: 1, group: 1, ...place } ? event.type : "track";
  const arguments_ = [`root_event_gid=${literal(event.root_event_gid ?? "")}`];
  if (type === "track") arguments_.push(`event_name=${literal(event.event ?? "")}`);
  if (type === "group") arguments_.push(`group_id=${literal(event.context?.group_id ?? event.groupId ?? "")}`);
  if (type === "alias") arguments_.push(`previous_id=${literal(event.previous_id ?? event.previousId ?? "")}`);
  const name = type === "page" || type === "screen" ? event[type]?.name ?? event.name : undefined;
  if (name) arguments_.push(`name=${literal(name)}`);
  for (const [key, other] of [["user_id", "userId"], ["anonymous_id", "anonymousId"], ["timestamp", ""], ["properties", ""], ["traits", ""]]) {
    const value = event[key] ?? event[other];
    if (value !== undefined && value !== null) arguments_.push(`${key}=${literal(value, 1)}`);
  }
  return `client.${type}(\n${arguments_.map((argument) => `    ${argument},\n`).join("")})`;
}

function literal(value, depth = 0) {
  const pad = "    ".repeat(depth + 1);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const array = Array.isArray(value);
  const items = array
    ? value.map((item) => literal(item, depth + 1))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${literal(item, depth + 1)}`);
  const [open, close] = array ? "[]" : "{}";
  return items.length ? `${open}\n${items.map((item) => `${pad}${item},\n`).join("")}${pad.slice(4)}${close}` : open + close;
}
