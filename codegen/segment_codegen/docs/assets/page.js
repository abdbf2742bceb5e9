"use strict";

const search = document.getElementById("search");
const none = document.querySelector(".none");
const count = document.getElementById("count");
const buttons = [...document.querySelectorAll("[data-filter]")];
const entries = [...document.querySelectorAll("article")].map((article, number) => ({
  article,
  link: document.querySelectorAll("nav li a")[number],
  marks: new Set(article.dataset.is.split(" ")),
  searched: [...article.querySelectorAll("h2, .about, table")],
  text: "",
}));
const kinds = new Set(entries.map((entry) => entry.article.dataset.is.split(" ")[0]));

function normal(text) {
  return text.normalize("NFKC").toLowerCase();
}

function textOf(entry) {
  entry.text ||= normal([entry.article.id, ...entry.searched.map((each) => each.textContent)].join("\n"));
  return entry.text;
}

/** Show the events that hold every word, and are of one of the chosen calls and of all other chosen marks. */
function update() {
  const words = normal(search.value).split(/\s+/).filter(Boolean);
  const chosen = buttons.filter((each) => each.ariaPressed === "true").map((each) => each.dataset.filter);
  const calls = chosen.filter((each) => kinds.has(each));
  const marks = chosen.filter((each) => !kinds.has(each));
  const shown = entries.filter((entry) => {
    const isShown =
      (!calls.length || calls.some((each) => entry.marks.has(each))) &&
      marks.every((each) => entry.marks.has(each)) &&
      words.every((each) => textOf(entry).includes(each));
    entry.article.hidden = !isShown;
    entry.link.parentElement.hidden = !isShown;
    return isShown;
  });
  none.hidden = shown.length > 0;
  const isAll = shown.length === entries.length;
  count.textContent = isAll ? "" : `${shown.length} of ${entries.length} events`;
  document.querySelector("nav summary").textContent = isAll ? "All events" : count.textContent;
  mark(words, shown.slice(0, 50));
}

/** Mark the words where they stand, without touching the document. */
function mark(words, shown) {
  if (!CSS.highlights) return;
  const ranges = [];
  for (const root of words.length ? shown.flatMap((entry) => [...entry.searched, entry.link]) : []) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      if (text.length !== walker.currentNode.data.length) continue;
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(walker.currentNode, at);
          range.setEnd(walker.currentNode, at + word.length);
          ranges.push(range);
        }
      }
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
}

/** Keep the search in the address, so that it can be passed on. */
function note() {
  history.replaceState(null, "", search.value ? `#?${encodeURIComponent(search.value)}` : "#");
}

function reset() {
  search.value = "";
  note();
  for (const each of buttons) each.ariaPressed = "false";
  update();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Show what the address names: a search, or an event, also where the search had hidden it. */
function reveal() {
  const name = decoded(location.hash.slice(1));
  const target = document.getElementById(name);
  if (name.startsWith("?")) {
    search.value = name.slice(1);
    update();
  } else if (target?.matches("article")) {
    const { hash } = location;
    if (target.hidden) {
      reset();
      history.replaceState(null, "", hash);
    }
    settle(target, 4);
  }
}

/** Scroll to an event, again while those above it get their heights, which they do when they come into view. */
function settle(target, times) {
  target.scrollIntoView();
  if (times) requestAnimationFrame(() => settle(target, times - 1));
}

/** Copy the code, or where the browser does not let a page do so, select it. */
async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

for (const block of document.querySelectorAll(".code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.ariaLive = "polite";
  button.addEventListener("click", () => copy(block.querySelector("code"), button));
  block.append(button);
}

function move(step) {
  const links = entries.filter((entry) => !entry.article.hidden).map((entry) => entry.link);
  const at = links.indexOf(document.activeElement);
  if (at + step < 0) search.focus();
  else links[Math.min(at + step, links.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const inList = document.activeElement.matches("nav li a");
  if (event.key === "/" && isPlain && document.activeElement !== search) search.select();
  else if (event.key === "Escape" && (search.value || document.activeElement === search)) reset();
  else if (event.key === "ArrowDown" && (inList || document.activeElement === search)) move(1);
  else if (event.key === "ArrowUp" && inList) move(-1);
  else if (event.key === "Enter" && document.activeElement === search) {
    location.hash = entries.find((entry) => !entry.article.hidden)?.link.hash ?? location.hash;
  } else return;
  event.preventDefault();
});

const near = new Set(); // the events that are in sight where people read, of which the first is the current one
const current = new IntersectionObserver(
  (seen) => {
    for (const each of seen) near[each.isIntersecting ? "add" : "delete"](each.target);
    const first = entries.find((entry) => near.has(entry.article));
    for (const entry of entries) {
      if (entry === first) entry.link.ariaCurrent = "true";
      else entry.link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "-25% 0px -65% 0px" },
);
for (const entry of entries) current.observe(entry.article);

for (const each of buttons) {
  each.addEventListener("click", () => {
    each.ariaPressed = each.ariaPressed === "true" ? "false" : "true";
    update();
  });
}
document.getElementById("clear").addEventListener("click", () => {
  reset();
  search.focus();
});
search.addEventListener("input", () => {
  update();
  note();
});
addEventListener("hashchange", reveal);
if (matchMedia("(max-width: 52rem)").matches) document.querySelector("nav details").open = false;
document.querySelector(".tools").hidden = false;
update();
reveal();
