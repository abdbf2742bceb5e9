// The list of calls, newest first: one button each. It never holds more than MOST, however many there are.

import { make, number, shown, when } from "./dom.js";

const MOST = 600;

const value = ([key, text]) => [shown("span", "of", key), shown("span", "", text)];

const repeats = (count) => `sent ${number(count)} more ${count === 1 ? "time" : "times"}`;

const warnings = (count) => `${number(count)} ${count === 1 ? "warning" : "warnings"}`;

export class List {
  /** `scroller` is the element that scrolls it; `open(seq)` is called for a row that is chosen. */
  constructor(element, scroller, open) {
    this.element = element;
    this.scroller = scroller;
    this.open = open;
    this.items = new Map(); // by seq
    this.chosen = null;
    this.cut = false; // whether newer rows than the first were left out
  }

  get size() {
    return this.items.size;
  }

  /** The last row's number, for reading on below it; null for an empty list. */
  get oldest() {
    return this.element.lastElementChild ? Number(this.element.lastElementChild.dataset.seq) : null;
  }

  clear() {
    this.cut = false;
    this.items.clear();
    this.element.replaceChildren();
  }

  /** Shows older rows below; the newest make room for them. */
  append(rows) {
    for (const row of rows) if (!this.items.has(row.seq)) this.element.append(this.make(row));
    this.still(() => {
      while (this.items.size > MOST) {
        this.drop(this.element.firstElementChild);
        this.cut = true;
      }
    });
  }

  /** Shows rows that are new, or anew; returns whether they pushed older ones out. */
  put(rows) {
    const above = this.scroller.scrollTop > 0;
    const show = () => rows.forEach((row) => this.place(row));
    if (above) this.still(show);
    else show();
    const over = this.items.size > MOST;
    while (this.items.size > MOST) this.drop(this.element.lastElementChild);
    return over;
  }

  /** Takes away the rows before a number; a focus on one of them goes to the last that stays, or to the list. */
  expire(first) {
    const focused = this.element.contains(document.activeElement);
    while (this.size && this.oldest < first) this.drop(this.element.lastElementChild);
    if (focused && !this.element.contains(document.activeElement) && this.end(true) === null) this.element.focus();
  }

  /** Returns whether a row is shown. */
  has(seq) {
    return this.items.has(seq);
  }

  /** Marks the row of the open call; null for none. */
  choose(seq) {
    this.items.get(this.chosen)?.firstElementChild.removeAttribute("aria-current");
    this.chosen = seq;
    this.items.get(seq)?.firstElementChild.setAttribute("aria-current", "true");
  }

  /** Moves the focus by some rows, from the focused or the open one; returns the number of the row, or null. */
  move(step) {
    const from = document.activeElement?.closest("li[data-seq]") ?? this.items.get(this.chosen);
    const next = step > 0 ? from?.nextElementSibling : from?.previousElementSibling;
    return this.show(from ? next : this.element.firstElementChild);
  }

  /** Returns the number of the row some steps from one, or null. */
  beside(seq, step) {
    const item = this.items.get(seq);
    const next = step > 0 ? item?.nextElementSibling : item?.previousElementSibling;
    next?.scrollIntoView({ block: "nearest" });
    return next ? Number(next.dataset.seq) : null;
  }

  /** Moves the focus to the first row, or to the last. */
  end(last) {
    return this.show(last ? this.element.lastElementChild : this.element.firstElementChild);
  }

  /** Moves the focus to a row, or to the list where it is not there any more. */
  focus(seq) {
    (this.items.get(seq)?.firstElementChild ?? this.element).focus();
  }

  show(item) {
    item?.firstElementChild.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "nearest" });
    return item ? Number(item.dataset.seq) : null;
  }

  place(row) {
    const old = this.items.get(row.seq);
    const item = this.make(row);
    item.classList.add("new");
    if (old) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(item);
      if (focused) item.firstElementChild.focus();
      return;
    }
    let below = this.element.firstElementChild;
    while (below && Number(below.dataset.seq) > row.seq) below = below.nextElementSibling;
    this.element.insertBefore(item, below);
  }

  /** Changes what is above the first row in sight, which stays where it is; not every browser sees to that. */
  still(change) {
    const { scrollHeight, scrollTop } = this.scroller;
    change();
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }

  drop(item) {
    this.items.delete(Number(item.dataset.seq));
    item.remove();
  }

  make(row) {
    const user = row.user_id ?? row.anonymous_id;
    const button = make(
      "button",
      { type: "button", className: "row", "data-id": row.message_id ?? "", onclick: () => this.open(row.seq) },
      when(row.received_at),
      shown("span", `type ${row.accepted ? row.type : "bad"}`, row.type ?? "none"),
      shown("span", "name", row.event ?? (row.accepted ? "" : "no event name")),
      row.repeats ? make("span", { className: "repeats", title: repeats(row.repeats), "aria-label": repeats(row.repeats), role: "img" }, `+${number(row.repeats)}`) : null,
      row.accepted && row.issues ? make("span", { className: "warned", title: warnings(row.issues), "aria-label": warnings(row.issues), role: "img" }, `▲ ${number(row.issues)}`) : null,
      row.values.length ? make("span", { className: "values" }, ...row.values.flatMap(value)) : null,
      user ? shown("span", "user", user) : null,
      row.first ? shown("span", row.accepted ? "why doubt" : "why", `${row.first.path ? `${row.first.path}: ` : ""}${row.first.message}`) : null,
    );
    if (row.seq === this.chosen) button.setAttribute("aria-current", "true");
    const item = make("li", { "data-seq": row.seq }, button);
    this.items.set(row.seq, item);
    return item;
  }
}
