"""What is kept of a rejected call: enough to mend it, and never more than a record of Kafka may have."""

import json
import unittest
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from segment_client.sinks.records import Topics
from segment_client.sinks.rejects import reject_of
from tests.laws import law

NOW = datetime(2026, 1, 31, tzinfo=UTC)
TEXTS = st.builds(lambda text, times: text * times, st.text(max_size=4), st.sampled_from((1, 700, 60_000)))
ERRORS = st.lists(st.fixed_dictionaries({"path": TEXTS, "message": TEXTS, "type": st.just("t")}), min_size=1)


@dataclass(frozen=True)
class Call:
    """A rejected call."""

    errors: Sequence[Mapping[str, object]]
    raw: str


class RejectTest(unittest.TestCase):
    """`reject_of`, and records of it."""

    def test_whole(self) -> None:
        """What is of an ordinary size is kept as it is: a hundred errors, and all of the call."""
        errors = [{"path": f"products.{at}.sku", "message": "m" * 120, "type": "t"} for at in range(100)]
        kept = reject_of(Call(errors, "x" * 200_000))
        self.assertEqual((kept.errors, kept.raw), (errors, "x" * 200_000))

    def test_cut(self) -> None:
        """What is larger is cut, and says so: the call, an error's texts, and how many errors there were."""
        error = {"path": "k" * 400_000, "message": "m", "type": "t"}
        kept = reject_of(Call([error] * 30, "x" * 200_001))
        *errors, fewer, cut = kept.errors
        self.assertEqual({len(str(each["path"])) for each in errors}, {1000})
        self.assertEqual(fewer["message"], f"{30 - len(errors)} errors more.")
        self.assertEqual(cut["message"], "Only the first 200000 characters of the call are kept.")
        self.assertEqual(len(kept.raw), 200_000)

    @law(60)
    @given(ERRORS, TEXTS, st.sampled_from((1_500, 5_000, 1_000_000)))
    def test_record(self, errors: list[dict[str, str]], text: str, most: int) -> None:
        """Whatever a sender put into names and values, the record is as large as the brokers take."""
        topics = Topics("events", "rejects", most)
        (each,) = topics.records_of([], [Call(errors, json.dumps(text))], NOW)
        self.assertEqual((each.topic, each.position), ("rejects", None))
        self.assertLessEqual(len(each.record.value), most - 100)
        value = json.loads(each.record.value)
        self.assertEqual(value["errors"][0]["path"], errors[0]["path"][: len(value["errors"][0]["path"])])


if __name__ == "__main__":
    unittest.main()
