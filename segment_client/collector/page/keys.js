// The keyboard: single keys wherever no text is being written.

import { byId } from "./dom.js";

const writes = (element) => element.matches("input, textarea, select, [contenteditable]");

/** Listens; `actions` has a function for each key, by the key's name, and `down()` for the one that leaves the search. */
export function onKeys(actions, down) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("helping").open) return;
    if (writes(event.target)) {
      if (event.target.matches("select")) return;
      if (event.key === "Escape" || event.key === "ArrowDown") event.target.blur();
      if (event.key === "ArrowDown") down();
      return;
    }
    const scrolls = byId("detail").contains(event.target) && /^Arrow(Up|Down)$|^Home$|^End$/.test(event.key);
    const action = scrolls ? undefined : actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
}
