// Elements are made one by one and text stays text: nothing that was received is ever read as HTML.

/** Format characters that reorder or hide text, and controls but for tab and line feed; not what joins emoji. */
export const HIDDEN = /(?!(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d\p{Extended_Pictographic})[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Returns an element; `props` are properties, `on...` listeners, `data-` and `aria-` attributes. */
export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Returns an element that shows text as it is: characters that hide or reorder are shown as their numbers. */
export function shown(tag, className, text) {
  const element = make(tag, { className, dir: "auto" });
  let place = 0;
  for (const match of text.matchAll(HIDDEN)) {
    element.append(text.slice(place, match.index));
    const number = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    element.append(make("span", { className: "mark", dir: "ltr" }, `U+${number}`));
    place = match.index + match[0].length;
  }
  element.append(text.slice(place));
  return element;
}

export const byId = (id) => document.getElementById(id);

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DATE = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

/** Returns a time element: the time of day, with the date before it where that is not today's. */
export function when(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  const text = today ? TIME.format(date) : `${DATE.format(date)} ${TIME.format(date)}`;
  return make("time", { dateTime: iso, title: date.toString() }, text);
}

export const number = (value) => value.toLocaleString("en");

/** Says something in passing, to those who listen to the page too. */
export function say(text) {
  byId("said").textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (byId("said").textContent = ""), 2500);
}
