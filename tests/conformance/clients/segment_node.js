// Sends the calls of a file through @segment/analytics-node: each by itself, then all of them some times in batches.
// Arguments: the server's base URL, the write key, the file, how many times.
"use strict";

const { readFileSync } = require("node:fs");
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey, file, times] = process.argv.slice(2);
const calls = JSON.parse(readFileSync(file, "utf8"));

function make({ type, timestamp, ...call }, analytics) {
  analytics[type]({ ...call, timestamp: new Date(timestamp) });
}

async function main() {
  const analytics = new Analytics({ host, writeKey, flushAt: 20, flushInterval: 60_000 });
  analytics.on("error", (error) => console.error(error.code));
  for (const call of calls) {
    make(call, analytics);
    await analytics.flush();
  }
  for (let time = 0; time < Number(times); time += 1) {
    for (const call of calls) make(call, analytics);
  }
  await analytics.closeAndFlush();
}

main();
