// The list of calls, newest first: one button each.

import { make, number, shown, when } from "./dom.js";

const MOST = 600;

const value = ([key, text]) => [shown("span", "of", key), shown("span", "", text)];

export class List {
  constructor(element, open) {
    this.element = element;
    this.open = open;
    this.items = new Map(); // by seq
    this.chosen = null;
  }

  get size() {
    return this.items.size;
  }

  /** The first row's number that is shown, for reading on below it; null for an empty list. */
  get oldest() {
    return this.element.lastElementChild ? Number(this.element.lastElementChild.dataset.seq) : null;
  }

  clear() {
    this.items.clear();
    this.element.replaceChildren();
  }

  /** Shows older rows below. */
  append(rows) {
    for (const row of rows) if (!this.items.has(row.seq)) this.element.append(this.make(row));
  }

  /** Shows a row that is new, or anew; returns whether it pushed older rows out. */
  put(row) {
    const old = this.items.get(row.seq);
    const item = this.make(row);
    item.classList.add("new");
    if (old) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(item);
      if (focused) item.firstElementChild.focus();
    } else {
      let below = this.element.firstElementChild;
      while (below && Number(below.dataset.seq) > row.seq) below = below.nextElementSibling;
      this.element.insertBefore(item, below);
    }
    return this.trim();
  }

  /** Marks the row of the open call; null for none. */
  choose(seq) {
    this.items.get(this.chosen)?.firstElementChild.removeAttribute("aria-current");
    this.chosen = seq;
    this.items.get(seq)?.firstElementChild.setAttribute("aria-current", "true");
  }

  /** Moves the focus by some rows, from the focused or the open one. */
  move(step) {
    const focused = document.activeElement?.closest("li[data-seq]") ?? this.items.get(this.chosen);
    const next = focused
      ? step > 0 ? focused.nextElementSibling : focused.previousElementSibling
      : this.element.firstElementChild;
    next?.firstElementChild.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next ? Number(next.dataset.seq) : null;
  }

  focus(seq) {
    this.items.get(seq)?.firstElementChild.focus();
  }

  make(row) {
    const user = row.user_id ?? row.anonymous_id;
    const button = make(
      "button",
      { type: "button", className: "row", onclick: () => this.open(row.seq) },
      when(row.received_at),
      shown("span", `type ${row.accepted ? row.type : "bad"}`, row.type ?? "none"),
      shown("span", "name", row.event ?? (row.accepted ? "" : "no event name")),
      row.repeats ? make("span", { className: "repeats", title: "Times it was sent again" }, `+${number(row.repeats)}`) : null,
      row.accepted && row.issues ? make("span", { className: "warned", title: "Warnings" }, `${row.issues} ⚠`) : null,
      row.values.length ? make("span", { className: "values" }, ...row.values.flatMap(value)) : null,
      user ? shown("span", "user", user) : null,
      row.accepted || !row.first ? null : shown("span", "why", `${row.first.path ? `${row.first.path}: ` : ""}${row.first.message}`),
    );
    if (row.seq === this.chosen) button.setAttribute("aria-current", "true");
    const item = make("li", { "data-seq": row.seq }, button);
    this.items.set(row.seq, item);
    return item;
  }

  trim() {
    const over = this.items.size - MOST;
    for (let index = 0; index < over; index += 1) {
      const last = this.element.lastElementChild;
      this.items.delete(Number(last.dataset.seq));
      last.remove();
    }
    return over > 0;
  }
}
