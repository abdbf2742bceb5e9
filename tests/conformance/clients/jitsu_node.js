// Sends the calls of a file through @jitsu/js, from a server: each by itself, some times over.
// It knows no screen and no alias. Arguments: the server's base URL, the write key, the file, how many times.
"use strict";

const { readFileSync } = require("node:fs");
const { jitsuAnalytics } = require("@jitsu/js");

const [host, writeKey, file, times] = process.argv.slice(2);
const calls = JSON.parse(readFileSync(file, "utf8"));
const analytics = jitsuAnalytics({ host, writeKey, s2s: true });

async function make({ type, userId, name, properties, traits, context, event, groupId }) {
  const options = { context, userId };
  switch (type) {
    case "identify":
      return analytics.identify(userId, traits, options);
    case "track":
      return analytics.track(event, properties, options);
    case "group":
      return analytics.group(groupId, traits, options);
    case "page":
      return analytics.page({ name, ...properties }, options);
  }
}

async function main() {
  for (let time = 0; time <= Number(times); time += 1) {
    for (const call of calls) await make(call);
  }
}

main();
