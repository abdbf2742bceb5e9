// Light, dark or what the system says; kept for the next visit.

import { byId } from "./dom.js";

const THEMES = ["system", "light", "dark"];
const KEY = "collector-theme";

function kept() {
  try {
    const theme = localStorage.getItem(KEY);
    return THEMES.includes(theme) ? theme : "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

function show(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").value = theme;
}

function choose(theme) {
  show(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // then it holds until the page is closed
  }
}

/** Takes the next theme. */
export const nextTheme = () => choose(THEMES[(THEMES.indexOf(byId("theme").value) + 1) % THEMES.length]);

byId("theme").addEventListener("change", (event) => choose(event.target.value));
show(kept());
