// Calls a minute in the last hour, stacked by type.

import { readMinutes } from "./api.js";
import { byId, number } from "./dom.js";

const MINUTES = 60;
const ORDER = ["track", "page", "screen", "identify", "group", "alias", "duplicates", "rejected"];
const SPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 30;
const WIDTH = 3;

/** Draws the chart anew. */
export async function drawChart() {
  const { minutes } = await readMinutes(MINUTES);
  const stacks = Array.from({ length: MINUTES }, () => []);
  for (const [minute, name, count] of minutes.counts) stacks[minute]?.push([name, count]);
  const most = Math.max(1, ...stacks.map((stack) => stack.reduce((sum, [, count]) => sum + count, 0)));
  const svg = byId("chart");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("viewBox", `0 0 ${MINUTES * WIDTH} ${HEIGHT}`);
  svg.replaceChildren(...stacks.flatMap((stack, minute) => bars(stack, minute, most)));
  const total = minutes.counts.reduce((sum, [, , count]) => sum + count, 0);
  svg.setAttribute("aria-label", `${number(total)} calls in the last hour, ${number(most)} a minute at most`);
}

function bars(stack, minute, most) {
  let top = HEIGHT;
  return stack
    .sort(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other))
    .map(([name, count]) => {
      const height = Math.max(1, (count / most) * HEIGHT);
      top -= height;
      const bar = document.createElementNS(SPACE, "rect");
      const title = document.createElementNS(SPACE, "title");
      title.textContent = `${name}: ${number(count)}`;
      bar.append(title);
      const facts = { x: minute * WIDTH, y: Math.max(0, top), width: WIDTH - 0.6, height, class: `bar ${name}` };
      for (const [key, value] of Object.entries(facts)) bar.setAttribute(key, value);
      return bar;
    });
}
