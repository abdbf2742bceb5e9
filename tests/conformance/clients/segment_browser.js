// Sends the calls of /calls.json through @segment/analytics-next, in the way that the page's path names:
// /each one request a call; /batches in batches; /leaving in a batch that is sent when the page is left.
// /run.json says where to, with which key, how many times, and the settings where they are not to be fetched.

const json = async (path) => (await fetch(path)).json();
const way = location.pathname.split("/").at(-1);
const { endpoint, key, times, settings } = await json("/run.json");
const calls = await json("/calls.json");

function make(analytics, { type, userId, ...call }) {
  const { context, integrations, timestamp } = call;
  const options = { context, integrations, timestamp };
  switch (type) {
    case "identify":
      return analytics.identify(userId, call.traits, options);
    case "track":
      return analytics.track(call.event, call.properties, options);
    case "group":
      return analytics.group(call.groupId, call.traits, options);
    case "alias":
      return analytics.alias(userId, call.previousId, options);
    default:
      return analytics[type](call.category, call.name, call.properties, options);
  }
}

const batching = { strategy: "batching", config: { size: way === "leaving" ? 1000 : 25, timeout: way === "leaving" ? 60_000 : 100 } };
const [analytics] = await AnalyticsNext.AnalyticsBrowser.load(
  { writeKey: key, cdnURL: endpoint, cdnSettings: settings },
  way === "each" ? {} : { integrations: { "Segment.io": { deliveryStrategy: batching } } },
);
for (let time = 0; time < times; time += 1) {
  for (const call of calls) await make(analytics, call);
}
if (way !== "batches") location.assign("/left");
