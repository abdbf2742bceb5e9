"""RudderStack's client for browsers: `@rudderstack/analytics-js`, with the host's name alone changed."""

import json
import time
from typing import Any

from segment_client.collector.settings import source_config
from tests.conformance import browser_case
from tests.conformance.case import CALLS, KEY, WRONG_KEY

TIMES = 4
LONGER_THAN_ITS_FIRST_RETRY = 3.0


def asked() -> list[dict[str, Any]]:
    """Return what the client sends of the calls: it knows no screen calls, has another name for their times,
    and says the browser's own screen.
    """
    calls = [call for call in json.loads(CALLS.read_text("utf-8")) if call["type"] != "screen"]
    for call in calls:
        call["originalTimestamp"] = call.pop("timestamp")
        call["context"].pop("screen", None)
    return calls


class RudderBrowser(browser_case.BrowserCase):
    """`@rudderstack/analytics-js`."""

    def test_each(self) -> None:
        """Each call is a request and arrives once and whole; the configuration is the collector's."""
        with self.visit("rudder/each", KEY, TIMES):
            self.wait_for(5 * TIMES)
        posts = self.tap.posts()
        self.assertEqual({post.path for post in posts}, {f"/v1/{call['type']}" for call in asked()})
        self.assertTrue(any(one.path.startswith("/sourceConfig/?") for one in self.tap.exchanges()))
        self.assert_arrived(asked() * TIMES, posts)
        self.assert_no_key(KEY)

    def test_batches(self) -> None:
        """Calls in batches arrive once and whole."""
        with self.visit("rudder/batches", KEY, TIMES):
            self.wait_for(5 * TIMES)
        self.assert_arrived(asked() * TIMES, self.tap.posts())
        self.assertEqual({post.path for post in self.tap.posts()}, {"/v1/batch"})

    def test_beacon(self) -> None:
        """Calls in beacons, which have the key in the address, arrive once and whole."""
        with self.visit("rudder/beacon", KEY, TIMES):
            self.wait_for(5 * TIMES)
        posts = self.tap.posts()
        self.assertEqual({post.path for post in posts}, {f"/beacon/v1/batch?writeKey={KEY}"})
        self.assert_arrived(asked() * TIMES, posts)
        self.assert_no_key(KEY)

    def test_wrong_key(self) -> None:
        """With a wrong key, and a configuration that the page brings, each call is refused once."""
        with self.visit("rudder/each", WRONG_KEY, TIMES, source_config()):
            self.until(lambda: len(self.tap.posts()) >= 5 * TIMES)
            time.sleep(LONGER_THAN_ITS_FIRST_RETRY)
        self.assertEqual([post.status for post in self.tap.posts()], [401] * 5 * TIMES)
        self.assertEqual(self.get("/api/stats")["received"], 0)
        self.assert_no_key(KEY, WRONG_KEY)

    def test_refused_configuration(self) -> None:
        """With a wrong key the configuration is refused, once, and nothing is sent."""
        with self.visit("rudder/each", WRONG_KEY, TIMES):
            self.until(lambda: any(one.method == "GET" and one.status for one in self.tap.exchanges()))
            time.sleep(LONGER_THAN_ITS_FIRST_RETRY)
        asked_for = [one.status for one in self.tap.exchanges() if one.method == "GET"]
        self.assertEqual((asked_for, self.tap.posts()), ([401], []))
