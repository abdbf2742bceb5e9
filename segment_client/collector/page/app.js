// The page: what is asked for stands in the address, the list follows it, and the stream keeps it fresh.

import { clearAll, exportPath, listCalls, readCall, Refused } from "./api.js";
import { drawChart } from "./chart.js";
import { copy, showCall } from "./detail.js";
import { byId, number } from "./dom.js";
import { onKeys } from "./keys.js";
import { List } from "./list.js";
import { Stream } from "./stream.js";
import { nextTheme } from "./theme.js";

const LIMIT = 100;
const TABS = ["accepted", "rejected"];
const list = new List(byId("list"), (seq) => go({ call: seq }));
const stream = new Stream({ call: arrived, counts: showCounts, cleared: () => load(), gap: () => load(), state: showState });
const state = { tab: "accepted", q: "", call: null, next: null, paused: false, held: new Map(), missed: false };
let loading = new AbortController();
let charting = 0;

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const call = Number(given.get("call"));
  return {
    tab: TABS.includes(given.get("tab")) ? given.get("tab") : "accepted",
    q: given.get("q") ?? "",
    call: Number.isSafeInteger(call) && call > 0 ? call : null,
  };
}

/** Goes to another tab, search or call. */
function go(changes) {
  const wanted = { tab: state.tab, q: state.q, call: state.call, ...changes };
  const parts = Object.entries(wanted).filter(([name, value]) => value && !(name === "tab" && value === "accepted"));
  const hash = `#${new URLSearchParams(parts)}`;
  const method = changes.call ? "pushState" : "replaceState";
  history[method](null, "", hash);
  follow();
}

function follow() {
  const wanted = readAddress();
  const anew = wanted.tab !== state.tab || wanted.q !== state.q;
  const other = wanted.call !== state.call;
  Object.assign(state, wanted);
  for (const tab of TABS) byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === state.tab));
  if (document.activeElement !== byId("search")) byId("search").value = state.q;
  byId("export").href = exportPath(state.q);
  if (anew) load();
  if (other) openCall(state.call);
}

async function load() {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  hold();
  try {
    const found = await listCalls({ status: state.tab, q: state.q, limit: LIMIT }, signal);
    if (signal.aborted) return;
    list.clear();
    list.append(found.calls);
    list.choose(state.call);
    state.next = found.next;
    say("");
    showCounts(found.counts);
    stream.open(found.last, state.q);
    if (found.next && !found.calls.length) await older();
  } catch (error) {
    failed(error);
  }
}

async function older() {
  const { signal } = loading;
  try {
    const found = await listCalls({ status: state.tab, q: state.q, limit: LIMIT, cursor: state.next }, signal);
    if (signal.aborted) return;
    list.append(found.calls);
    state.next = found.next;
    showEmpty();
    if (found.next && !found.calls.length) await older();
  } catch (error) {
    failed(error);
  }
}

function failed(error) {
  if (error instanceof Refused) say(error.message);
  else if (error.name !== "AbortError") throw error;
}

function say(message) {
  byId("mistake").textContent = message;
  byId("mistake").hidden = !message;
  byId("search").setAttribute("aria-invalid", String(Boolean(message)));
}

function arrived(row) {
  if (row.accepted !== (state.tab === "accepted")) return;
  if (state.paused) {
    state.held.set(row.seq, row);
    hold(state.held);
  } else {
    put(row);
  }
}

function put(row) {
  if (list.put(row)) state.next = list.oldest;
  showEmpty();
}

/** Keeps what came while paused; without any forgets it. */
function hold(held = new Map()) {
  state.held = held;
  byId("held").hidden = !held.size;
  byId("held").textContent = `${number(held.size)} new while paused: show`;
}

function pause(paused = !state.paused) {
  state.paused = paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Resume" : "Pause";
  if (!paused) release();
}

function release() {
  for (const row of state.held.values()) put(row);
  hold();
}

function showCounts(counts) {
  byId("stored").textContent = number(counts.stored);
  byId("rejected").textContent = number(counts.rejected);
  byId("tab-rejected").classList.toggle("some", counts.rejected > 0);
  document.title = counts.rejected ? `Collector (${number(counts.rejected)} rejected)` : "Collector";
  showEmpty();
  charting ||= setTimeout(chart, 300);
}

function chart() {
  charting = 0;
  drawChart().catch(failed);
}

function showEmpty() {
  const none = list.size === 0 && !state.next;
  byId("more").hidden = !state.next;
  byId("nothing").hidden = !(none && state.q);
  byId("empty").hidden = !(none && !state.q && state.tab === "accepted");
  byId("fine").hidden = !(none && !state.q && state.tab === "rejected");
}

function showState(name) {
  byId("status").dataset.state = name;
  byId("status").textContent = { live: "Live", lost: "Reconnecting" }[name];
}

async function openCall(seq) {
  list.choose(seq);
  document.body.classList.toggle("opened", seq !== null);
  if (seq === null) {
    byId("detail").hidden = true;
    return;
  }
  try {
    const call = await readCall(seq);
    if (state.call === seq) showCall(byId("detail"), call, close);
  } catch (error) {
    go({ call: null });
    failed(error);
  }
}

function close() {
  const was = state.call;
  go({ call: null });
  list.focus(was);
}

async function clear() {
  const button = byId("clear");
  if (!button.classList.contains("sure")) {
    button.classList.add("sure");
    button.textContent = "Really clear?";
    setTimeout(unsure, 4000);
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
  const seq = list.move(step);
  if (seq !== null && state.call !== null) go({ call: seq });
}

let typing = 0;
byId("search").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => go({ q: event.target.value.trim() }), 200);
});
for (const tab of TABS) byId(`tab-${tab}`).addEventListener("click", () => go({ tab, call: null }));
byId("unsearch").addEventListener("click", () => go({ q: "" }));
byId("more").addEventListener("click", older);
byId("held").addEventListener("click", release);
byId("pause").addEventListener("click", () => pause());
byId("clear").addEventListener("click", clear);
byId("theme").addEventListener("click", nextTheme);
byId("help").addEventListener("click", () => byId("helping").showModal());
byId("endpoint").addEventListener("click", () => copy(`${document.body.dataset.url}/v1`));
addEventListener("popstate", follow);
setInterval(() => document.hidden || drawChart().catch(failed), 20_000);
onKeys({ move, close: () => state.call !== null && close(), tab: (index) => go({ tab: TABS[index], call: null }), pause, clear });
Object.assign(state, readAddress(), { call: null });
follow();
byId("search").value = state.q;
load();
