// Sends the calls of /calls.json through @jitsu/js, one request a call; it knows no screen and no alias.
// /run.json says where to, with which key and how many times.

import { jitsuAnalytics } from "/bundle/jitsu.mjs";

const json = async (path) => (await fetch(path)).json();
const { endpoint, key, times } = await json("/run.json");
const calls = await json("/calls.json");

const analytics = jitsuAnalytics({ host: endpoint, writeKey: key });

async function make({ type, userId, name, properties, traits, context, event, groupId }) {
  const options = { context };
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

for (let time = 0; time < times; time += 1) {
  for (const call of calls) await make(call);
}
location.assign("/left");
