// One call: what is wrong with it, the event that it is, the call as it came, and the request.

import { asCurl, asJson, asPython } from "./copy.js";
import { make, number, shown, when } from "./dom.js";
import { tree } from "./tree.js";

const FIRST = ["type", "event", "user_id", "anonymous_id", "previous_id", "timestamp", "properties", "traits", "commerce", "page", "screen", "context"];

/** Shows a call in a section; `close` is called by its button. */
export function showCall(section, call, close) {
  const parts = [];
  if (!call.accepted) parts.push(["Problems", problems]);
  if (call.event) parts.push(["Event", (it) => tree(readable(it.event), it.issues)]);
  parts.push(["Raw call", (it) => tree(it.raw)], ["Request", request]);
  section.replaceChildren(head(call, close), tabs(call, parts));
  section.hidden = false;
  section.scrollTop = 0;
}

/** Returns an event with what people look for first. */
const readable = (event) => ({ ...Object.fromEntries(FIRST.filter((name) => name in event).map((name) => [name, event[name]])), ...event });

function head(call, close) {
  const facts = [
    when(call.received_at),
    call.message_id ? make("span", {}, "id ", shown("code", "", call.message_id)) : null,
    call.test_id ? make("span", {}, "test ", shown("code", "", call.test_id)) : null,
    call.repeats ? make("span", { className: "repeats" }, `sent ${number(call.repeats)} more ${call.repeats === 1 ? "time" : "times"}`) : null,
  ];
  return make(
    "header",
    {},
    make("button", { type: "button", className: "back", "aria-label": "Close", title: "Close (Esc)", onclick: close }, "×"),
    make("h2", { tabIndex: -1 }, shown("span", `type ${call.accepted ? call.type : "bad"}`, call.type ?? "none"), shown("span", "", call.event?.event ?? call.first?.event ?? eventName(call))),
    make("p", { className: "facts" }, ...facts),
    make("div", { className: "copies" }, copier("Copy JSON", () => asJson(call)), copier("Copy as curl", () => asCurl(call, document.body.dataset.url)), copier("Copy as Python", () => asPython(call))),
  );
}

const eventName = (call) => (typeof call.raw?.event === "string" ? call.raw.event : call.accepted ? "" : "Rejected call");

/** Returns a button that copies a text and says so. */
export function copier(label, text) {
  const button = make("button", { type: "button" }, label);
  let timer = 0;
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text())) ? "Copied" : "Could not copy";
    clearTimeout(timer);
    timer = setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

/** Copies text; returns whether the browser let it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function tabs(call, parts) {
  const panel = make("div", { role: "tabpanel", id: "part", className: "part" });
  const buttons = parts.map(([name, show]) =>
    make("button", { type: "button", role: "tab", "aria-controls": "part", onclick: () => choose(name, show) }, name),
  );
  function choose(name, show) {
    for (const button of buttons) button.setAttribute("aria-selected", String(button.textContent === name));
    panel.setAttribute("aria-label", name);
    panel.replaceChildren(show(call));
  }
  choose(...parts[0]);
  return make("div", {}, make("div", { role: "tablist", "aria-label": "Parts of the call" }, ...buttons), panel);
}

function problems(call) {
  const count = call.issues.length;
  const said = `${number(count)} ${count === 1 ? "problem" : "problems"}: this call was refused and is no event.`;
  return make("div", {}, make("p", { className: "said" }, said), tree(call.raw, call.issues));
}

function request(call) {
  const rows = call.request.headers.map(([name, value]) => make("tr", {}, shown("th", "", name), shown("td", "", value)));
  return make(
    "div",
    {},
    make("p", { className: "line" }, shown("code", "", `${call.request.method ?? ""} ${call.request.path ?? ""}`)),
    make("table", {}, make("tbody", {}, ...rows)),
  );
}
