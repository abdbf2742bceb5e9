// Sends the calls of a file through @rudderstack/rudder-sdk-node: each by itself, then all of them some times in batches.
// Arguments: the server's base URL, the write key, the file, how many times.
"use strict";

const { readFileSync } = require("node:fs");
const Analytics = require("@rudderstack/rudder-sdk-node");

const [dataPlaneUrl, writeKey, file, times] = process.argv.slice(2);
const calls = JSON.parse(readFileSync(file, "utf8"));
const analytics = new Analytics(writeKey, {
  dataPlaneUrl,
  flushAt: 20,
  flushInterval: 100,
  errorHandler: (error) => console.error(error.message),
});

function make({ type, timestamp, ...call }) {
  return new Promise((done) => {
    analytics[type]({ ...call, timestamp: new Date(timestamp) }, done);
  });
}

async function main() {
  for (const call of calls) {
    const made = make(call);
    await analytics.flush();
    await made;
  }
  const made = [];
  for (let time = 0; time < Number(times); time += 1) {
    for (const call of calls) made.push(make(call));
  }
  await analytics.flush();
  await Promise.all(made);
}

main();
