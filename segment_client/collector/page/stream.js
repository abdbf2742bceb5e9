// The live connection: the browser opens it again by itself and says which change it saw last.

import { streamPath } from "./api.js";

const AGAIN = 2000;

export class Stream {
  /** `handlers` has call(row), counts(counts), cleared(), expired({ first }), gap() and state("live" | "lost"). */
  constructor(handlers) {
    this.handlers = handlers;
    this.source = null;
    this.timer = 0;
  }

  /** Follows what changes after the change `from`, as far as a search finds it. */
  open(from, q) {
    this.close();
    const source = new EventSource(streamPath(from, q));
    this.source = source;
    let last = from;
    const on = (name, use) =>
      source.addEventListener(name, (event) => {
        last = event.lastEventId || last;
        use(JSON.parse(event.data));
      });
    on("call", this.handlers.call);
    on("counts", this.handlers.counts);
    on("cleared", this.handlers.cleared);
    on("expired", this.handlers.expired);
    on("gap", this.handlers.gap);
    source.onopen = () => this.handlers.state("live");
    source.onerror = () => {
      this.handlers.state("lost");
      if (source.readyState === EventSource.CLOSED) {
        this.timer = setTimeout(() => this.open(last, q), AGAIN); // the browser gave up: it was answered with an error
      }
    };
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
  }
}
