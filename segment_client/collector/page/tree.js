// A JSON value as a tree that opens by hand, with what is wrong beside the field that it is about.

import { make, number, shown } from "./dom.js";

const LONG = 400;
const LONGEST = 100_000;
const WIDE = 200;
const OPEN = 2;
const MOST_OPEN = 2000;

const plain = (name) => name.replaceAll("_", "").toLowerCase();
const normal = (path) => path.split(".").map(plain).join(".");
const isRaw = (value) => Boolean(JSON.isRawJSON?.(value));
const isScalar = (value) => value === null || typeof value !== "object" || isRaw(value);

/** A value's tree: `issues` are {path, message, type, expected}, told beside their fields, or on top without one. */
export class Tree {
  /** `doubt` for issues that are warnings; `link(issue)` returns an element to put after an issue, or null. */
  constructor(value, issues = [], { doubt = false, link = () => null } = {}) {
    this.link = link;
    this.issues = new Map(); // by path
    for (const issue of issues) {
      const path = normal(issue.path);
      this.issues.set(path, [...(this.issues.get(path) ?? []), issue]);
    }
    this.absent = new Map(); // by the path of what should hold it
    for (const issue of issues.filter(({ path }) => !holds(value, normal(path)))) {
      const parent = parentOf(normal(issue.path));
      const place = parent !== "" && holds(value, parent, true) ? parent : "";
      this.absent.set(place, [...(this.absent.get(place) ?? []), issue]);
    }
    this.root = make("div", { className: doubt ? "tree doubt" : "tree" });
    this.root.append(...this.lacking(""), ...this.children(value, "", 0));
  }

  /** Opens everything, as far as it is of a size to look at, or closes it. */
  toggle() {
    const opens = this.root.querySelector("details:not([open])") !== null;
    let left = MOST_OPEN;
    for (let found = this.all(opens); found.length && left > 0; found = opens ? this.all(opens) : []) {
      for (const details of found.slice(0, left)) {
        details.open = opens;
        if (opens) details.fill();
      }
      left -= found.length;
    }
  }

  all(opens) {
    return [...this.root.querySelectorAll(opens ? "details:not([open])" : "details[open]")];
  }

  /** Returns what should be in the object at a path and is not; at the top what has no place at all. */
  lacking(path) {
    return (this.absent.get(path) ?? []).map((issue) => {
      const name = path ? issue.path.split(".").at(-1) : issue.path;
      return make("div", { className: "field wrong" }, shown("span", "key", name || "the call"), this.note(issue));
    });
  }

  note(issue) {
    const message = issue.message.replace(/([^.!?])$/, "$1.");
    const expected = issue.expected ? make("span", { className: "expected" }, "Expected: ", shown("code", "", issue.expected)) : null;
    return make("div", { className: "issue", role: "note" }, shown("span", "", message), expected, this.link(issue));
  }

  children(value, path, depth) {
    if (isScalar(value)) return [this.field("", value, path, depth)];
    const entries = Array.isArray(value) ? value.map((item, index) => [String(index), item]) : Object.entries(value);
    return this.some(entries, 0, path, depth);
  }

  some(entries, from, path, depth) {
    const made = entries
      .slice(from, from + WIDE)
      .map(([key, item]) => this.field(key, item, path ? `${path}.${plain(key)}` : plain(key), depth));
    const rest = entries.length - from - WIDE;
    if (rest > 0) {
      const onclick = () => more.replaceWith(...this.some(entries, from + WIDE, path, depth));
      const more = make("button", { type: "button", className: "rest", onclick }, `${number(rest)} more`);
      made.push(more);
    }
    return made;
  }

  field(key, value, path, depth) {
    const notes = (key === "" ? [] : this.issues.get(path) ?? []).map((issue) => this.note(issue));
    const name = key === "" ? null : shown("span", "key", key);
    const className = notes.length ? "field wrong" : "field";
    if (isScalar(value)) return make("div", { className }, name, scalar(value), ...notes);
    const array = Array.isArray(value);
    const size = Object.keys(value).length;
    if (!size) return make("div", { className }, name, make("span", { className: "empty" }, array ? "[ ]" : "{ }"), ...notes);
    return make("div", { className }, this.branch(name, array ? `[${size}]` : `{${size}}`, value, path, depth), ...notes);
  }

  branch(name, size, value, path, depth) {
    const details = make("details", {}, make("summary", {}, name, make("span", { className: "size" }, size)));
    details.fill = () => {
      if (details.childElementCount === 1) details.append(make("div", { className: "inner" }, ...this.lacking(path), ...this.children(value, path, depth + 1)));
    };
    details.addEventListener("toggle", () => details.open && details.fill());
    const wrongInside = [...this.issues.keys()].some((other) => other.startsWith(`${path}.`));
    if (depth < OPEN || wrongInside) {
      details.fill();
      details.open = true;
    }
    return details;
  }
}

const parentOf = (path) => path.split(".").slice(0, -1).join(".");

/** Returns whether there is something at a path; with `open` something that has a place for more. */
function holds(value, path, open = false) {
  if (path === "") return false;
  let here = value;
  for (const step of path.split(".")) {
    if (isScalar(here)) return false;
    const key = Object.keys(here).find((name) => plain(name) === step);
    if (key === undefined) return false;
    here = here[key];
  }
  return !open || (!isScalar(here) && Object.keys(here).length > 0);
}

function scalar(value) {
  if (isRaw(value)) return make("span", { className: "number" }, value.rawJSON);
  if (typeof value !== "string") return make("span", { className: value === null ? "null" : typeof value }, String(value));
  if (value === "") return make("span", { className: "empty" }, '""');
  if (value.length <= LONG) return shown("span", "string", value);
  const short = shown("span", "string", `${value.slice(0, LONG)}…`);
  const onclick = () => {
    short.replaceWith(shown("span", "string", value.slice(0, LONGEST) + (value.length > LONGEST ? "…" : "")));
    all.remove();
  };
  const all = make("button", { type: "button", className: "rest", onclick }, `all ${number(value.length)} characters`);
  return make("span", {}, short, all);
}
