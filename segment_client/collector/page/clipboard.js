// Copying: browsers have one way on loopback and https, and an older one where the collector is on another host.

import { make, say } from "./dom.js";

/** Copies text, and says so with its `name`. */
export async function copy(text, name) {
  const copied = await (navigator.clipboard ? navigator.clipboard.writeText(text).then(() => true, () => false) : selected(text));
  say(copied ? `Copied ${name}` : "The browser did not let it be copied");
}

function selected(text) {
  const was = document.activeElement;
  const area = make("textarea", { className: "hidden", value: text, "aria-label": "To be copied" });
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  was?.focus();
  return copied;
}
