// Calls a minute in the last hour, stacked by type, with a legend that searches.

import { readMinutes } from "./api.js";
import { byId, make, number } from "./dom.js";

const MINUTES = 60;
const ORDER = ["track", "page", "screen", "identify", "group", "alias", "duplicates", "rejected"];
const SPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 40;
const WIDTH = 10;
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const rank = (name) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
const sum = (stack) => stack.reduce((total, [, count]) => total + count, 0);
const shownName = (name) => (name === "duplicates" ? "repeats" : name);
const told = (stack) => stack.map(([name, count]) => `${shownName(name)} ${number(count)}`).join(", ") || "nothing";

export class Chart {
  /** `search(name)` is called for a name of the legend, `span(from, to)` for a minute. */
  constructor(search, span) {
    this.search = search;
    this.stacks = [];
    this.first = 0;
    this.svg = byId("chart");
    this.svg.setAttribute("viewBox", `0 0 ${MINUTES * WIDTH} ${HEIGHT}`);
    this.svg.addEventListener("pointermove", (event) => this.tell(this.at(event)));
    this.svg.addEventListener("pointerleave", () => this.tell(null));
    this.svg.addEventListener("click", (event) => span(this.time(this.at(event)), this.time(this.at(event) + 1)));
  }

  /** Draws what came anew. */
  async draw() {
    const { minutes } = await readMinutes(MINUTES);
    this.first = Date.parse(minutes.first);
    this.stacks = Array.from({ length: MINUTES }, () => []);
    for (const [minute, name, count] of minutes.counts) this.stacks[minute]?.push([name, count]);
    for (const stack of this.stacks) stack.sort(([one], [other]) => rank(one) - rank(other));
    const most = Math.max(1, ...this.stacks.map(sum));
    this.svg.replaceChildren(...this.stacks.flatMap((stack, minute) => bars(stack, minute, most)));
    const total = this.stacks.map(sum).reduce((one, other) => one + other, 0);
    this.summary = total ? `${number(total)} in the last hour, ${number(most)} a minute at most` : "Nothing in the last hour";
    this.svg.setAttribute("aria-label", `Calls a minute: ${this.summary}`);
    this.tell(null);
    this.explain();
  }

  /** Names the types, each with its count. */
  explain() {
    const counts = new Map();
    for (const [name, count] of this.stacks.flat()) counts.set(name, (counts.get(name) ?? 0) + count);
    const names = [...counts.keys()].sort((one, other) => rank(one) - rank(other));
    const items = names.map((name) =>
      make("li", {}, make("button", { type: "button", title: `Search for ${shownName(name)}`, onclick: () => this.search(name) },
        make("i", { className: `dot ${name}` }), shownName(name), make("b", {}, number(counts.get(name)))),
      ),
    );
    const focused = [...byId("legend").children].findIndex((item) => item.contains(document.activeElement));
    byId("legend").replaceChildren(...items);
    items[focused]?.firstElementChild.focus();
  }

  tell(minute) {
    byId("reading").textContent = minute === null ? this.summary : `${CLOCK.format(this.time(minute))}: ${told(this.stacks[minute] ?? [])}`;
  }

  at(event) {
    const { left, width } = this.svg.getBoundingClientRect();
    return Math.min(MINUTES - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * MINUTES)));
  }

  time(minute) {
    return new Date(this.first + minute * 60_000);
  }
}

function bars(stack, minute, most) {
  let top = HEIGHT;
  return stack.map(([name, count]) => {
    const height = Math.max(1, (count / most) * HEIGHT);
    top -= height;
    const bar = document.createElementNS(SPACE, "rect");
    const facts = { x: minute * WIDTH + 1, y: Math.max(0, top), width: WIDTH - 2, height, class: `bar ${name}` };
    for (const [key, value] of Object.entries(facts)) bar.setAttribute(key, value);
    return bar;
  });
}
