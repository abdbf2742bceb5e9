// The keyboard: single keys wherever no text is being written.

import { byId } from "./dom.js";
import { nextTheme } from "./theme.js";

const writes = (element) => element.matches("input, textarea, select, [contenteditable]");

/** Listens; `actions` has move(step), close(), tab(index), pause() and clear(). */
export function onKeys(actions) {
  const keys = {
    j: () => actions.move(1),
    ArrowDown: () => actions.move(1),
    k: () => actions.move(-1),
    ArrowUp: () => actions.move(-1),
    Escape: actions.close,
    "/": () => byId("search").focus(),
    1: () => actions.tab(0),
    2: () => actions.tab(1),
    p: () => actions.pause(),
    c: actions.clear,
    t: nextTheme,
    "?": () => byId("helping").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("helping").open) return;
    if (writes(event.target)) {
      if (event.key === "Escape" || event.key === "ArrowDown") event.target.blur();
      if (event.key === "ArrowDown") actions.move(1);
      return;
    }
    const inDetail = byId("detail").contains(event.target) && event.key.startsWith("Arrow"); // there they scroll
    const action = inDetail ? undefined : keys[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
}
