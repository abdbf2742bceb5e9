// One call: what is wrong with it, the event that it is, the call as it came, and the request.

import { entryOf, placeOf } from "./catalogue.js";
import { copy } from "./clipboard.js";
import { asCurl, asJson, asPython } from "./copy.js";
import { byId, make, number, shown, when } from "./dom.js";
import { exactly } from "./query.js";
import { chooseTab, nextTab, onArrows } from "./tabs.js";
import { Tree } from "./tree.js";

const FIRST = ["type", "event", "user_id", "anonymous_id", "previous_id", "timestamp", "properties", "traits", "commerce", "page", "screen", "context"];

const COPIES = { JSON: asJson, curl: (call) => asCurl(call, document.body.dataset.url), Python: asPython };

/** Returns an event with what people look for first. */
const readable = (event) => ({ ...Object.fromEntries(FIRST.filter((name) => name in event).map((name) => [name, event[name]])), ...event });

export class Detail {
  /** `on` has close(), move(step) and search(term). */
  constructor(on) {
    this.on = on;
    this.element = byId("detail");
    this.part = ""; // the one that was looked at last
  }

  /** Shows a call; `entry` is where the catalogue describes its event, or null. */
  async show(call) {
    const entry = await entryOf(call);
    this.call = call;
    const parts = [];
    const options = { doubt: call.accepted, link: (issue) => link(placeOf(issue, entry)) };
    if (call.issues.length) parts.push([call.accepted ? "Warnings" : "Problems", () => opened(call.raw, call.issues, options)]);
    if (call.event) parts.push(["Event", () => opened(readable(call.event))]);
    parts.push(["Raw call", () => opened(call.raw)], ["Request", () => request(call)]);
    this.element.replaceChildren(this.head(entry), this.tabs(parts));
    this.element.hidden = false;
    this.element.scrollTop = 0;
  }

  hide() {
    this.call = null;
    this.element.hidden = true;
  }

  /** Moves the focus to what is shown. */
  focus() {
    this.element.querySelector("h2")?.focus();
  }

  /** Copies the call in one of the forms. */
  copy(form) {
    if (this.call) copy(COPIES[form](this.call), form === "JSON" ? "the JSON" : form === "curl" ? "as curl" : "as Python");
  }

  /** Shows the part some steps away. */
  turn(step) {
    if (this.call) nextTab(this.tabList.children, step).click();
  }

  head(entry) {
    const { call } = this;
    const name = call.event?.event ?? call.event_name ?? named(call);
    const user = call.user_id ?? call.anonymous_id;
    const way = (label, title, sign, onclick, extra = "") => make("button", { type: "button", className: `way ${extra}`, "aria-label": label, title, onclick }, sign);
    const finder = (label, field, value) => value ? make("button", { type: "button", className: "find", title: "Search for this", onclick: () => this.on.search(exactly(field, value)) }, label, shown("code", "", value)) : null;
    return make(
      "header",
      {},
      make("div", { className: "ways" },
        way("Newer call", "Newer (k)", "↑", () => this.on.move(-1)),
        way("Older call", "Older (j)", "↓", () => this.on.move(1)),
        way("Close", "Close (Esc)", "×", this.on.close, "back")),
      make("h2", { tabIndex: -1 }, shown("span", `type ${call.accepted ? call.type : "bad"}`, call.type ?? "none"), shown("span", "", name)),
      make("div", { className: "facts" },
        when(call.received_at),
        finder("user ", "user", user),
        name && call.event ? finder("event ", "event", name) : null,
        finder("test ", "test", call.test_id),
        call.message_id ? make("span", {}, "id ", shown("code", "", call.message_id)) : null,
        call.repeats ? make("span", { className: "repeats" }, `sent ${number(call.repeats)} more ${call.repeats === 1 ? "time" : "times"}`) : null,
        entry ? link(entry, "Catalogue entry") : null),
      make("div", { className: "copies" }, ...Object.keys(COPIES).map((form) =>
        make("button", { type: "button", title: `Copy (Shift ${form[0].toUpperCase()})`, onclick: () => this.copy(form) }, form === "JSON" ? "Copy JSON" : `Copy as ${form}`))),
    );
  }

  tabs(parts) {
    const panel = make("div", { role: "tabpanel", id: "part", className: "part", tabIndex: 0 });
    const buttons = parts.map(([name], index) =>
      make("button", { type: "button", role: "tab", id: `part-${index}`, "aria-controls": "part", onclick: () => choose(index) }, name));
    const choose = (index) => {
      this.part = parts[index][0];
      chooseTab(buttons, buttons[index]);
      panel.setAttribute("aria-labelledby", buttons[index].id);
      panel.replaceChildren(parts[index][1]());
    };
    choose(Math.max(0, parts.findIndex(([name]) => name === this.part)));
    this.tabList = make("div", { role: "tablist", "aria-label": "Parts of the call" }, ...buttons);
    onArrows(this.tabList);
    return make("div", {}, this.tabList, panel);
  }
}

const named = (call) => (typeof call.raw?.event === "string" ? call.raw.event : call.accepted ? "" : "Rejected call");

const link = (entry, text = "See its entry") => make("a", { href: entry, className: "entry", target: "_blank", rel: "noopener" }, text);

/** Returns a value's tree, with what is said of it above. */
function opened(value, issues = [], options = {}) {
  const made = new Tree(value, issues, options);
  const all = made.root.querySelector("details") ? make("button", { type: "button", onclick: () => made.toggle() }, "Open or close all") : null;
  const said = issues.length ? verdict(issues.length, options.doubt) : null;
  return make("div", {}, said || all ? make("div", { className: "lead" }, said ?? make("span"), all) : null, made.root);
}

function verdict(count, doubt) {
  const [noun, meaning] = doubt
    ? ["warning", "the event was stored, but it is not what the catalogue says."]
    : ["problem", "this call was refused and is no event."];
  return make("p", { className: doubt ? "doubt" : "" }, `${number(count)} ${noun}${count === 1 ? "" : "s"}: ${meaning}`);
}

function request(call) {
  const rows = call.request.headers.map(([name, value]) => make("tr", {}, shown("th", "", name), shown("td", "", value)));
  for (const row of rows) row.firstElementChild.scope = "row";
  return make(
    "div",
    {},
    make("p", { className: "line" }, shown("code", "", `${call.request.method ?? ""} ${call.request.path ?? ""}`)),
    make("table", { "aria-label": "Headers" }, make("tbody", {}, ...rows)),
  );
}
