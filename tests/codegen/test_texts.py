"""The formats that checks know, against an independent validator."""

import unittest

import jsonschema_rs
from segment_codegen.limits import FORMAT_KINDS
from segment_codegen.support.texts import FORMATS
from segment_codegen.vocabulary import FORMATS as NAMES

from tests.codegen.laws.strategies import DIALECT
from tests.codegen.values import VALUES

TEXTS = (
    *(each for each in VALUES if isinstance(each, str) and each.isprintable()),
    *(
        "a@b",
        "a@b.c",
        "a.b@c.de",
        ".a@b.c",
        "a..b@c.de",
        '"a b"@c.de',
        "a@-b.de",
        "@",
        "a@",
        "A@B.C",
        "é@b.de",
    ),
    *("a b@c.de", "a@b_c.de", f"{'a' * 65}@b.de", f"a@{'b' * 64}.de", "a@é.de"),
    *("http://a", "http://a/b?c#d", "mailto:a@b", "urn:a:b", "http://", "//a", "a:", "a:b", "http://a b"),
    *(
        "http://[::1]/",
        "http://[::1",
        "http://a:80/",
        "http://a:x/",
        "http://é",
        "http://a/%zz",
        "http://a/%20",
    ),
    *(
        "1a:b",
        "http://a/{}",
        "file:///a",
        "http:////a",
        "http://a?b?c",
        "http://a#b#c",
        "http://@b:c@d",
        "://a",
    ),
    *("localhost", "a.b", "a-b", "-a", "a-", "a_b", "a..b", "a.", "x" * 64, "1.2", "é.de"),
    *("10:00:00Z", "10:00:00", "24:00:00Z", "10:00:60Z", "10:00:00.5+01:00", "10:00:00+24:00", "10:00:00z"),
)
KNOWN = {
    ("date", "0000-01-01"): "a date of Python has no year 0",
    ("date-time", "0000-01-01T00:00:00Z"): "nor has its time",
    ("date-time", "2016-12-31T23:59:60Z"): "a time of Python has no leap second",
    ("date-time", "1990-12-31T23:59:60.5Z"): "the same",
    ("date-time", "2016-12-31T15:59:60-08:00"): "the same",
}
"""The differences, each with its reason; the models have them too."""


class TextsTest(unittest.TestCase):
    """What has a format."""

    def test_same(self) -> None:
        """A check and the validator say the same of every text, the known differences aside."""
        for name, is_one in FORMATS.items():
            validator = jsonschema_rs.validator_for(
                {"$schema": DIALECT, "format": name}, validate_formats=True
            )
            verdicts = {validator.is_valid(text) for text in TEXTS}
            self.assertEqual(verdicts, {True, False}, name)
            different = {(name, text) for text in TEXTS if is_one(text) != validator.is_valid(text)}
            self.assertLessEqual(different, KNOWN.keys())

    def test_names(self) -> None:
        """The formats that are said to be checked are those that the checks have, the models' among them."""
        self.assertEqual(FORMATS.keys(), NAMES)
        self.assertLessEqual(FORMAT_KINDS.keys(), NAMES)


if __name__ == "__main__":
    unittest.main()
