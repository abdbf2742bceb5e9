// A JSON value as a tree that opens by hand, with what is wrong beside the field that it is about.

import { make, number, shown } from "./dom.js";

const LONG = 400;
const LONGEST = 100_000;
const WIDE = 200;
const OPEN = 2;

const plain = (name) => name.replaceAll("_", "").toLowerCase();
const normal = (path) => path.split(".").map(plain).join(".");

/** Returns the tree of a value. `issues` are {path, message, type}; those of no place in it are shown on top. */
export function tree(value, issues = []) {
  const root = make("div", { className: "tree" });
  const left = new Map();
  for (const issue of issues) {
    const path = normal(issue.path);
    left.set(path, [...(left.get(path) ?? []), issue]);
  }
  const own = [...left.keys()].filter((path) => !place(value, path));
  const body = children(value, "", 0, new Map([...left].filter(([path]) => path !== "")));
  root.append(...own.flatMap((path) => left.get(path)).map((issue) => missing(issue)), ...body);
  return root;
}

/** Returns a note of what is wrong. */
export function note(issue) {
  const wanted = issue.expected ? ` Expected: ${issue.expected}.` : "";
  return make("div", { className: "issue", role: "note" }, shown("span", "", issue.message + wanted));
}

function missing(issue) {
  const name = issue.path || "the call";
  return make("div", { className: "field wrong" }, shown("span", "key", name), note(issue));
}

function place(value, path) {
  if (path === "") return false;
  let here = value;
  for (const step of path.split(".")) {
    if (here === null || typeof here !== "object") return false;
    const key = Object.keys(here).find((name) => plain(name) === step);
    if (key === undefined) return false;
    here = here[key];
  }
  return true;
}

function children(value, path, depth, issues) {
  if (value === null || typeof value !== "object") return [field("", value, path, depth, issues)];
  const entries = Array.isArray(value) ? value.map((item, index) => [String(index), item]) : Object.entries(value);
  return some(entries, 0, path, depth, issues);
}

function some(entries, from, path, depth, issues) {
  const made = entries
    .slice(from, from + WIDE)
    .map(([key, item]) => field(key, item, path ? `${path}.${plain(key)}` : plain(key), depth, issues));
  const rest = entries.length - from - WIDE;
  if (rest > 0) {
    const more = make("button", {
      type: "button",
      className: "rest",
      onclick: () => more.replaceWith(...some(entries, from + WIDE, path, depth, issues)),
    }, `${number(rest)} more`);
    made.push(more);
  }
  return made;
}

function field(key, value, path, depth, issues) {
  const wrong = issues.get(path) ?? [];
  const name = key === "" ? null : shown("span", "key", key);
  const className = wrong.length ? "field wrong" : "field";
  if (value === null || typeof value !== "object") {
    return make("div", { className }, name, scalar(value), ...wrong.map(note));
  }
  const size = Object.keys(value).length;
  const brackets = Array.isArray(value) ? `[${size}]` : `{${size}}`;
  if (!size) return make("div", { className }, name, make("span", { className: "empty" }, Array.isArray(value) ? "[ ]" : "{ }"), ...wrong.map(note));
  const details = make("details", {}, make("summary", {}, name, make("span", { className: "size" }, brackets)));
  const inside = [...issues.keys()].some((other) => other.startsWith(`${path}.`));
  const fill = () => details.childElementCount === 1 && details.append(make("div", { className: "inner" }, ...children(value, path, depth + 1, issues)));
  details.addEventListener("toggle", () => details.open && fill());
  if (depth < OPEN || inside) {
    fill();
    details.open = true;
  }
  return make("div", { className }, details, ...wrong.map(note));
}

function scalar(value) {
  if (typeof value !== "string") return make("span", { className: value === null ? "null" : typeof value }, String(value));
  if (value.length <= LONG) return shown("span", "string", value);
  const short = shown("span", "string", `${value.slice(0, LONG)}…`);
  const all = make("button", {
    type: "button",
    className: "rest",
    onclick: () => {
      short.replaceWith(shown("span", "string", value.slice(0, LONGEST) + (value.length > LONGEST ? "…" : "")));
      all.remove();
    },
  }, `all ${number(value.length)} characters`);
  return make("span", {}, short, all);
}
