"""The list of the collector's page, in a real browser."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from segment_client.collector import Collector
from tests.collector.browser import BrowserCase
from tests.collector.support import track


class Listing(BrowserCase):
    """What is listed, and when."""

    def test_live(self) -> None:
        """A call that is posted shows up within a second, the newest on top, and the counts follow."""
        self.page.wait_for_selector("#empty:visible:has-text('Waiting for the first call')")
        self.post("/v1/track", track("m0", properties=5))
        self.page.wait_for_selector("#empty:visible:has-text('Waiting for the next call')")
        self.post("/v1/track", track("m1", event="First"))
        self.page.wait_for_selector("#list .name:text('First')", timeout=1000)
        self.post("/v1/track", track("m2", event="Second"))
        self.page.wait_for_selector("#list .name:text('Second')", timeout=1000)
        self.names("Second", "First")
        self.page.wait_for_selector("#stored:text('2')")
        self.page.wait_for_selector("#empty", state="hidden")

    def test_repeat(self) -> None:
        """A repeat is shown at the first call's row."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Other"), track("m1")]})
        self.page.wait_for_selector("#list li:nth-child(2) .repeats:text('+1')")
        self.names("Other", "Item Viewed")

    def test_tabs(self) -> None:
        """Rejected calls are listed on a tab of their own, each with what is wrong."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Bad", properties=5)]})
        self.page.wait_for_selector("#rejected:text('1')")
        self.names("Item Viewed")
        self.page.click("#tab-rejected")
        self.names("Bad")
        self.assertIn("properties: ", self.page.inner_text("#list .why"))

    def test_search(self) -> None:
        """A search narrows the list and what arrives live, and stands in the address."""
        self.post(
            "/v1/batch", {"batch": [track("m1", userId="ada"), track("m2", event="Other", userId="grace")]}
        )
        self.names("Other", "Item Viewed")
        self.page.fill("#search", "user:ada")
        self.names("Item Viewed")
        self.post(
            "/v1/batch", {"batch": [track("m3", event="Third"), track("m4", event="Fourth", userId="ada")]}
        )
        self.names("Fourth", "Item Viewed")
        self.assertIn("q=user%3Aada", self.page.url)
        self.page.reload()
        self.names("Fourth", "Item Viewed")
        self.page.fill("#search", "user:nobody")
        self.page.click("#unsearch")
        self.names("Fourth", "Third", "Other", "Item Viewed")

    def test_export(self) -> None:
        """What is found can be saved as JSON lines."""
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Other")]})
        self.page.fill("#search", "event:Other")
        self.names("Other")
        with self.page.expect_download() as download:
            self.page.click("#export")
        lines = Path(download.value.path()).read_text("utf-8").splitlines()
        self.assertEqual([json.loads(line)["message_id"] for line in lines], ["m2"])

    def test_mistake(self) -> None:
        """A search that is none says what to write, and the list stays."""
        self.post("/v1/track", track("m1"))
        self.names("Item Viewed")
        self.page.fill("#search", "evnt:x")
        self.page.wait_for_selector("#mistake:has-text(\"There is no field 'evnt'\")")
        self.names("Item Viewed")
        self.page.fill("#search", "")
        self.page.wait_for_selector("#mistake", state="hidden")
        self.assertEqual([message.split(":")[0] for message in self.wrong], ["Failed to load resource"])
        self.wrong.clear()  # the browser logs the answer that was no success

    def test_older(self) -> None:
        """Older calls are a click away, in order and once each."""
        self.post("/v1/batch", {"batch": [track(f"m{number}", event=f"E{number}") for number in range(130)]})
        self.page.reload()
        self.page.wait_for_selector("#more")
        self.page.dispatch_event("#more", "click")  # a mouse would scroll there, and that alone reads on
        self.names(*(f"E{number}" for number in reversed(range(130))))
        self.page.wait_for_selector("#more", state="hidden")

    def test_many_at_once(self) -> None:
        """When more comes than a stream tells, the newest are shown all the same."""
        for part in range(3):
            self.post("/v1/batch", {"batch": [track(f"m{part}-{number}") for number in range(1000)]})
        self.post("/v1/track", track("last", event="The last"))
        self.page.wait_for_selector("#stored:text('3,001')")
        self.page.wait_for_selector("#list li:first-child .name:text('The last')")
        self.assertLessEqual(self.rows().count(), 700)

    def test_pause(self) -> None:
        """While paused the list holds still and counts what came; going on shows it."""
        self.page.click("#pause")
        self.post("/v1/batch", {"batch": [track("m1"), track("m2", event="Other")]})
        self.page.wait_for_selector("#held:text('2 new while paused')")
        self.names()
        self.page.click("#pause")
        self.names("Other", "Item Viewed")

    def test_clear(self) -> None:
        """Clearing asks once more, then empties the page, in other windows too."""
        self.post("/v1/batch", {"batch": [track("m1"), 5]})
        other = self.page.context.new_page()
        other.goto(self.collector.url)
        other.wait_for_selector("#list .row")
        self.page.click("#clear")
        self.names("Item Viewed")
        self.page.click("#clear:text('Really clear?')")
        self.page.wait_for_selector("#empty:visible")
        other.wait_for_selector("#empty:visible")
        self.assertEqual(self.get("/api/stats")["received"], 0)


class Restarting(BrowserCase):
    """The page outlives the collector."""

    def test_reconnects(self) -> None:
        """While the collector is away the page says so; when it is back, it shows what was missed."""
        with TemporaryDirectory() as folder:
            first = Collector(Path(folder, "events.sqlite"))
            self.addCleanup(first.close)
            self.page.goto("about:blank")  # what the page still asks of the other collector is asked before
            self.collector_url = first.url
            self.open()
            requests.post(f"{first.url}/v1/track", json=track("m1"), auth=("k", ""), timeout=10)
            self.names("Item Viewed")
            first.close()
            self.page.wait_for_selector("#status[data-state=lost]:text('Reconnecting')")
            port = int(first.url.rpartition(":")[2])
            with Collector(Path(folder, "events.sqlite"), port=port) as second:
                call = track("m2", event="Missed")
                requests.post(f"{second.url}/v1/track", json=call, auth=("k", ""), timeout=10)
                self.names("Missed", "Item Viewed")
                self.page.wait_for_selector("#status[data-state=live]")
                self.page.goto("about:blank")
        self.forgive_failed_tries()

    def test_asks_again(self) -> None:
        """What is searched for while the collector is away is found once it is back."""
        with TemporaryDirectory() as folder:
            first = Collector(Path(folder, "events.sqlite"))
            self.addCleanup(first.close)
            self.page.goto("about:blank")
            self.collector_url = first.url
            self.open()
            for number, name in enumerate(("Looked For", "Other")):
                call = track(f"m{number}", event=name)
                requests.post(f"{first.url}/v1/track", json=call, auth=("k", ""), timeout=10)
            self.names("Other", "Looked For")
            first.close()
            self.page.wait_for_selector("#status[data-state=lost]")
            self.page.fill("#search", "looked")
            self.page.wait_for_selector("#mistake:has-text('The collector does not answer')")
            self.assertEqual(self.page.get_attribute("#search", "aria-invalid"), "false")
            with Collector(Path(folder, "events.sqlite"), port=int(first.url.rpartition(":")[2])):
                self.names("Looked For")
                self.page.wait_for_selector("#mistake", state="hidden")
                self.page.wait_for_selector("#status[data-state=live]")
                self.page.goto("about:blank")
        self.forgive_failed_tries()

    def forgive_failed_tries(self) -> None:
        """Check that nothing went wrong but what could not be reached, of which the browser logs each try."""
        self.assertLessEqual({message.split(":")[0] for message in self.wrong}, {"Failed to load resource"})
        self.wrong.clear()
