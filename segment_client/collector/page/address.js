// What is shown stands in the address: the tab, the search, and the call that is open.

export const TABS = ["accepted", "warned", "rejected"];

/** Returns {tab, q, call}, as far as the address makes sense. */
export function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const call = Number(given.get("call"));
  return {
    tab: TABS.includes(given.get("tab")) ? given.get("tab") : TABS[0],
    q: given.get("q") ?? "",
    call: Number.isSafeInteger(call) && call > 0 ? call : null,
  };
}

/** Writes the address; opening a call can be gone back from, other steps replace the last. */
export function writeAddress({ tab, q, call }, opens) {
  const parts = Object.entries({ tab: tab === TABS[0] ? "" : tab, q, call }).filter(([, value]) => value);
  history[opens ? "pushState" : "replaceState"](null, "", `#${new URLSearchParams(parts)}`);
}
