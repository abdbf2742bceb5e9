"""Text that stands for a declared value, as a law over all values."""

import unittest

from hypothesis import given
from hypothesis import strategies as st
from semantic_events.event_models.article_completed import event as article

from segment_client.collector.catalogue.lenient import refusals
from segment_client.collector.catalogue.texts import meant
from segment_client.wire import to_text
from tests.laws import law

_ARTICLES = st.fixed_dictionaries(
    {
        "article_id": st.text(min_size=1, max_size=9),
        "title": st.text(max_size=9),
        "word_count": st.integers(0, 2**63),
        "published": st.booleans(),
    },
    optional={"reading_time_seconds": st.floats(0, allow_infinity=False, allow_nan=False)},
)


class Texts(unittest.TestCase):
    """What text may stand for."""

    @law()
    @given(_ARTICLES)
    def test_law(self, properties: dict[str, object]) -> None:
        """Where properties are as declared, so is the text that the client sends of each."""
        self.assertEqual(refusals(article, properties, absent_is_null=False), [])
        as_text = {name: to_text(value, name) for name, value in properties.items()}
        self.assertEqual(refusals(article, as_text, absent_is_null=True), [])

    def test_times(self) -> None:
        """Dates and times in the forms of ISO 8601 stand for those of RFC 3339; what is none stays text."""
        self.assertEqual(meant("2026-01-31 09:30:00", "date-time_format"), "2026-01-31T09:30:00+00:00")
        self.assertEqual(meant("20260131", "date_format"), "2026-01-31")
        self.assertEqual(meant("2026-02-30", "date_format"), "2026-02-30")
        self.assertEqual(meant("soon", "date-time_format"), "soon")

    def test_others(self) -> None:
        """Text that is no JSON, and no boolean of Python, stands for itself."""
        for text in ("", "TRUE", "0x10", "1_000", "NaN", "[1,", "{", "None", "٣"):
            self.assertEqual(meant(text, "int_type"), text)
