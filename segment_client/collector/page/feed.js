// What is listed: the first part, older ones below it, and what comes live, which can be held.

import { belongs, listCalls, Unanswered } from "./api.js";
import { Stream } from "./stream.js";

const LIMIT = 100;
const TOGETHER = 40; // milliseconds in which what comes is shown at once
const AGAIN = 1000; // milliseconds until a list is asked for again that was not answered

export class Feed {
  /** `on` has listed(), counts(counts), changed(), held(number, more), state("live" | "lost") and failed(error). */
  constructor(list, on) {
    this.list = list;
    this.on = on;
    this.tab = "";
    this.q = "";
    this.next = null; // the cursor of what is older
    this.paused = false;
    this.held = new Map(); // what came and is not shown
    this.fresh = new Map(); // what is about to be shown
    this.timer = 0;
    this.again = 0;
    this.loading = new AbortController();
    this.reading = false;
    this.missed = false; // whether more came than was told
    const again = () => this.load(this.tab, this.q);
    this.stream = new Stream({ call: (row) => this.arrived(row), counts: on.counts, cleared: again, expired: ({ first }) => this.expired(first), gap: () => this.jumped(), state: on.state });
  }

  /** Whether the newest are not to be shown as they come. */
  get away() {
    return this.paused || this.list.cut;
  }

  /** Lists what a search finds on a tab, and follows it. */
  async load(tab, q) {
    Object.assign(this, { tab, q });
    clearTimeout(this.again);
    this.loading.abort();
    this.loading = new AbortController();
    await this.read(null, (found) => {
      this.fresh.clear();
      this.hold(new Map());
      this.list.clear();
      this.list.append(found.calls);
      this.on.listed();
      this.on.counts(found.counts);
      this.stream.open(found.last, q);
    });
  }

  /** Lists what is older below. */
  async older() {
    if (this.next && !this.reading) await this.read(this.next, (found) => this.list.append(found.calls));
  }

  async read(cursor, use) {
    const { signal } = this.loading;
    this.reading = true;
    try {
      const found = await listCalls(this.tab, { q: this.q, limit: LIMIT, cursor }, signal);
      if (signal.aborted) return;
      use(found);
      this.next = found.next;
      if (found.next && !found.calls.length) return await this.read(found.next, (more) => this.list.append(more.calls));
      this.reading = false;
      this.on.changed();
    } catch (error) {
      if (!signal.aborted) this.reading = false;
      if (!signal.aborted && !cursor && error instanceof Unanswered) this.again = setTimeout(() => this.load(this.tab, this.q), AGAIN);
      this.on.failed(error);
    }
  }

  arrived(row) {
    if (!belongs(this.tab, row)) return;
    if (this.away && !this.list.has(row.seq)) {
      this.held.set(row.seq, row);
      this.on.held(this.held.size, this.missed);
    } else {
      this.fresh.set(row.seq, row);
      this.timer ||= setTimeout(() => this.flush(), TOGETHER);
    }
  }

  /** More came at once than is told one by one: it is read anew, but not under the eyes of who looks further down. */
  jumped() {
    if (!this.away && this.list.scroller.scrollTop === 0) return this.load(this.tab, this.q);
    this.missed = true;
    this.on.held(this.held.size, this.missed);
  }

  /** Shows no more what is not kept any more: all before a number. */
  expired(first) {
    for (const waiting of [this.fresh, this.held]) for (const seq of waiting.keys()) if (seq < first) waiting.delete(seq);
    clearTimeout(this.timer);
    this.flush(); // what stays is there before the rest leaves: a focus goes to it
    this.list.expire(first);
    if (Number(this.next) <= first) this.next = null;
    this.on.held(this.held.size, this.missed);
    this.on.changed();
  }

  flush() {
    this.timer = 0;
    const rows = [...this.fresh.values()];
    this.fresh.clear();
    if (this.list.put(rows)) this.next = String(this.list.oldest);
    this.on.changed();
  }

  /** Holds the list still, or goes on with all that came in between. */
  pause(paused) {
    this.paused = paused;
    if (!paused && !this.list.cut) this.release();
  }

  /** Shows what was held; from far down, or where not all is known, that is the start of the list. */
  release() {
    if (this.list.cut || this.missed) {
      this.list.scroller.scrollTop = 0;
      return this.load(this.tab, this.q);
    }
    for (const [seq, row] of this.held) this.fresh.set(seq, row);
    this.hold(new Map());
    this.flush();
  }

  hold(held) {
    this.held = held;
    this.missed = false;
    this.on.held(held.size, false);
  }
}
