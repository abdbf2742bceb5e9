// Sends the calls of /calls.json through @rudderstack/analytics-js, in the way that the page's path names:
// /each one request a call; /batches in batches; /beacon in beacons. It knows no screen calls.
// /run.json says where to, with which key, how many times, and the source's configuration where it is not to be fetched.

import { RudderAnalytics } from "/bundle/rudder.mjs";

const json = async (path) => (await fetch(path)).json();
const way = location.pathname.split("/").at(-1);
const { endpoint, key, times, settings } = await json("/run.json");
const calls = await json("/calls.json");

function make(analytics, { type, userId, context, integrations, timestamp, ...call }) {
  const options = { context, integrations, originalTimestamp: timestamp };
  switch (type) {
    case "identify":
      return analytics.identify(userId, call.traits, options);
    case "track":
      return analytics.track(call.event, call.properties, options);
    case "group":
      return analytics.group(call.groupId, call.traits, options);
    case "alias":
      return analytics.alias(userId, call.previousId, options);
    case "page":
      return analytics.page(call.category, call.name, call.properties, options);
  }
}

const ways = {
  each: {},
  batches: { queueOptions: { batch: { enabled: true, maxItems: 25, flushInterval: 500 } } },
  beacon: { useBeacon: true, beaconQueueOptions: { maxItems: 5, flushQueueInterval: 500 } },
};
const source = settings ? { getSourceConfig: () => settings } : { configUrl: endpoint };
const analytics = new RudderAnalytics();
analytics.load(key, endpoint, { ...source, sessions: { autoTrack: false }, ...ways[way] });
analytics.ready(() => {
  for (let time = 0; time < times; time += 1) {
    for (const call of calls) make(analytics, call);
  }
});
