// The page: what is asked for stands in the address, the list follows it, and the stream keeps it fresh.

import { readAddress, TABS, writeAddress } from "./address.js";
import { clearAll, exportPath, readCall, Refused, Unanswered } from "./api.js";
import { Chart } from "./chart.js";
import { copy } from "./clipboard.js";
import { Detail } from "./detail.js";
import { byId, number } from "./dom.js";
import { Feed } from "./feed.js";
import { onKeys } from "./keys.js";
import { List } from "./list.js";
import { exactly, timed, timeOf, toggled } from "./query.js";
import { chooseTab, onArrows } from "./tabs.js";
import { nextTheme } from "./theme.js";

const NEAR = 600; // pixels
const SURE = 4000; // milliseconds in which a second click clears
const state = { tab: "", q: "", call: null };
const tabs = TABS.map((tab) => byId(`tab-${tab}`));
const list = new List(byId("list"), byId("panel"), chosen);
const feed = new Feed(list, { listed: () => mistake(null), counts: showCounts, changed: showEmpty, held: showHeld, state: showState, failed });
const detail = new Detail({ close, move, search: (term) => go({ q: toggled(state.q, term), call: null }) });
const chart = new Chart(searchType, (from, to) => go({ q: timed(state.q, `after:${second(from)}`, `before:${second(to)}`) }));
let charting = 0;
let away = false; // whether the last mistake is that the collector did not answer

const second = (date) => date.toISOString().replace(".000", "");

/** Goes to another tab, search or call; what is being `typed` stays as it is in its field. */
function go(changes, typed = false) {
  writeAddress({ ...state, ...changes }, Boolean(changes.call));
  follow(typed);
}

function follow(typed) {
  const wanted = readAddress();
  const anew = wanted.tab !== state.tab || wanted.q !== state.q;
  const other = wanted.call !== state.call;
  Object.assign(state, wanted);
  chooseTab(tabs, byId(`tab-${state.tab}`));
  byId("panel").setAttribute("aria-labelledby", `tab-${state.tab}`);
  if (!typed) byId("search").value = state.q;
  showSpan(timeOf(state.q));
  byId("export").href = exportPath(state.tab, state.q);
  if (anew) load();
  if (other) openCall(state.call);
}

async function load() {
  await feed.load(state.tab, state.q);
  list.choose(state.call);
}

function failed(error) {
  if (error instanceof Refused) mistake(error);
  else if (error.name !== "AbortError") throw error;
}

/** Tells what went wrong; null for nothing any more. */
function mistake(error) {
  away = error instanceof Unanswered;
  const told = error?.message ?? "";
  if (byId("mistake").textContent !== told) byId("mistake").textContent = told; // who listens to the page hears it once
  byId("mistake").hidden = !error;
  byId("search").setAttribute("aria-invalid", String(Boolean(error) && !away));
}

function showSpan(term) {
  const select = byId("span");
  const known = [...select.options].some((option) => option.value === term && option !== byId("other-span"));
  byId("other-span").hidden = known;
  byId("other-span").value = known ? "-" : term;
  select.value = term;
}

function searchType(name) {
  if (name === "rejected") return go({ tab: "rejected", call: null });
  const term = name === "duplicates" ? "has:repeat" : exactly("type", name);
  go({ tab: state.tab === "rejected" ? "accepted" : state.tab, q: toggled(state.q, term), call: null });
}

function pause(paused = !feed.paused) {
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Resume" : "Pause";
  feed.pause(paused);
}

function showHeld(count, more) {
  byId("held").hidden = !count && !more;
  byId("held").textContent = `${more ? "Many" : number(count)} new${feed.paused ? " while paused" : ""}: show`;
}

function showCounts(counts) {
  for (const name of ["stored", "warned", "rejected"]) byId(name).textContent = number(counts[name] ?? 0);
  byId("which").textContent = counts.received ? "next" : "first"; // what came may be rejected, or not be kept any more
  byId("tab-warned").classList.toggle("some", counts.warned > 0);
  byId("tab-rejected").classList.toggle("some", counts.rejected > 0);
  document.title = counts.rejected ? `Collector (${number(counts.rejected)} rejected)` : "Collector";
  showEmpty();
  charting ||= setTimeout(draw, 300);
}

function draw() {
  charting = 0;
  chart.draw().catch(failed);
}

function showEmpty() {
  const none = list.size === 0 && !feed.next;
  byId("more").hidden = !feed.next;
  readOn();
  byId("newest").hidden = !list.cut || !byId("held").hidden;
  byId("nothing").hidden = !(none && state.q);
  byId("elsewhere").textContent = state.tab === "rejected" ? "Look among the events" : "Look among the rejected calls";
  for (const [index, id] of ["empty", "sound", "fine"].entries()) byId(id).hidden = !(none && !state.q && state.tab === TABS[index]);
}

/** Reads what is older once the end of the list is near; a list that is not in sight has no end. */
function readOn() {
  const { scrollHeight, scrollTop, clientHeight } = byId("panel");
  if (clientHeight && scrollHeight - scrollTop - clientHeight < NEAR) feed.older();
}

function showState(name) {
  if (name === "live" && away) mistake(null);
  byId("status").dataset.state = name;
  byId("status").textContent = { live: "Live", lost: "Reconnecting" }[name];
}

function chosen(seq) {
  if (seq === state.call) detail.focus();
  else go({ call: seq });
}

async function openCall(seq) {
  list.choose(seq);
  document.body.classList.toggle("opened", seq !== null);
  if (seq === null) return detail.hide();
  try {
    const call = await readCall(seq);
    if (state.call !== seq) return;
    const within = byId("detail").contains(document.activeElement);
    await detail.show(call);
    if (within || !byId("panel").checkVisibility()) detail.focus(); // on a small screen the call covers the list
  } catch (error) {
    go({ call: null });
    failed(error);
  }
}

function close() {
  const was = state.call;
  if (was === null) return;
  go({ call: null });
  list.focus(was);
}

async function clear() {
  const button = byId("clear");
  if (!button.classList.contains("sure")) {
    button.classList.add("sure");
    button.textContent = "Really clear?";
    setTimeout(unsure, SURE);
    return;
  }
  unsure();
  try {
    await clearAll();
    go({ call: null });
    await load();
  } catch (error) {
    failed(error);
  }
}

function unsure() {
  byId("clear").classList.remove("sure");
  byId("clear").textContent = "Clear";
}

function move(step) {
  const inDetail = byId("detail").contains(document.activeElement);
  const seq = inDetail ? list.beside(state.call, step) : list.move(step);
  if (seq !== null && state.call !== null) go({ call: seq });
}

function moveToEnd(last) {
  const seq = list.end(last);
  if (seq !== null && state.call !== null) go({ call: seq });
}

let typing = 0;
byId("search").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => go({ q: event.target.value.trim() }, true), 200);
});
byId("span").addEventListener("change", (event) => go({ q: timed(state.q, ...[event.target.value].filter(Boolean)) }));
for (const [index, tab] of tabs.entries()) tab.addEventListener("click", () => go({ tab: TABS[index], call: null }));
onArrows(byId("tabs"));
byId("unsearch").addEventListener("click", () => go({ q: "" }));
byId("elsewhere").addEventListener("click", () => go({ tab: state.tab === "rejected" ? "accepted" : "rejected", call: null }));
byId("more").addEventListener("click", () => feed.older());
byId("panel").addEventListener("scroll", readOn, { passive: true });
addEventListener("resize", readOn);
byId("newest").addEventListener("click", () => feed.release());
byId("held").addEventListener("click", () => feed.release());
byId("pause").addEventListener("click", () => pause());
byId("clear").addEventListener("click", clear);
byId("help").addEventListener("click", () => byId("helping").showModal());
byId("endpoint").addEventListener("click", () => copy(`${document.body.dataset.url}/v1`, "the endpoint"));
for (const button of document.querySelectorAll(".snippet button")) {
  button.addEventListener("click", () => copy(button.parentElement.querySelector("code").textContent, "it"));
}
addEventListener("popstate", () => follow(false));
setInterval(() => document.hidden || draw(), 20_000);
onKeys(
  {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    g: () => moveToEnd(false), Home: () => moveToEnd(false), G: () => moveToEnd(true), End: () => moveToEnd(true),
    Escape: close, ArrowLeft: () => detail.turn(-1), ArrowRight: () => detail.turn(1),
    J: () => detail.copy("JSON"), C: () => detail.copy("curl"), P: () => detail.copy("Python"),
    1: () => tabs[0].click(), 2: () => tabs[1].click(), 3: () => tabs[2].click(),
    "/": () => byId("search").focus(), "?": () => byId("helping").showModal(),
    p: () => pause(), c: clear, e: () => byId("export").click(), t: nextTheme,
  },
  () => move(1),
);
follow(false);
