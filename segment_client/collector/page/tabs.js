// Tabs by the arrow keys: one of a row is in the order of focus, and the arrows go through them.

/** Marks one of the tabs as the chosen one. */
export function chooseTab(tabs, chosen) {
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
  }
}

/** Returns the tab that is some steps from the chosen one, around the ends. */
export function nextTab(tabs, step) {
  const all = [...tabs];
  const chosen = all.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  return all[(chosen + step + all.length) % all.length];
}

/** Lets the arrow keys go through the tabs of a list. */
export function onArrows(tablist) {
  tablist.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = nextTab(tablist.children, step);
    next.focus();
    next.click();
  });
}
