"""Regular expressions of ECMA-262 in Python, against an implementation of the former."""

import re
import unittest
import warnings

import jsonschema_rs
from segment_codegen.patterns import is_portable, python_pattern

PATTERNS = (
    *(
        r"^(\d+\.\d+\.\d+.*)$",
        r"^[a-zA-Z0-9\.]+$",
        "Evil Morty|Lawyer Morty",
        r"\/",
        r"^\s+$",
        r"[\s\S]",
        r"[^\s]",
    ),
    *(
        r"[\S]",
        r"[^\Sa]",
        r"[^a\S]",
        r"[\Sa ]",
        r"\bfoo\b",
        r"\Boo",
        r"^\w+$",
        r"\cJ",
        r"\u0041",
        r"\u{1F600}",
    ),
    *(r"^[\w.+-]+@\w+$", "(?=a)b|c", "(?<!b)a", "[[a]", "[a&&b]", "[a||b]", "[a~~b]", "[+--]", r"^\W$"),
    *(
        r"a{2,}?b",
        r"\.",
        r"^[\-\]]$",
        "$",
        "^$",
        "a$",
        "(?:a|b)+c$",
        r"\x41",
        r"\t",
        r"^\D$",
        r"^[^\d]$",
        r"^\S$",
    ),
    *(
        "x*",
        "^(?!foo)",
        "^a|b$",
        "(?<name>a)b",
        "^é$",
        "^[é-ü]$",
        "^.{1}$",
        r"^[^\W_]+$",
        r"\$\^\(\)",
        "#a b",
    ),
)
TEXTS = (
    *(
        "",
        "a",
        "b",
        "ab",
        "aba",
        "1.2.3",
        "1.2.3-x",
        "1.2.3\n",
        "/",
        "\n",
        " ",
        "\u00a0",
        "\ufeff",
        "\u3000",
        "é",
        "ü",
    ),
    *(
        "😀",
        "A",
        "foo",
        "foo bar",
        "xfoo",
        "aa",
        "aab",
        "bb",
        "a@b",
        "[",
        "]",
        "-",
        "&",
        "|",
        "~",
        "\t",
        "_",
        "5",
        "٣",
    ),
    *("c", "abc", "ac", "bc\n", "a\n", "Evil Morty", "a b", "$^()", "#a b", "x.y+z@host", "a~b", "+", ","),
)


class PatternTest(unittest.TestCase):
    """What a translated pattern finds."""

    def test_same(self) -> None:
        """It finds what the pattern does, in every text."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for pattern in PATTERNS:
                translated = re.compile(python_pattern(pattern), re.ASCII)
                validator = jsonschema_rs.validator_for({"pattern": pattern})
                for text in TEXTS:
                    found = translated.search(text) is not None
                    self.assertEqual(found, validator.is_valid(text), (pattern, translated.pattern, text))

    def test_standard(self) -> None:
        """Where the validator differs from the standard, the standard is followed."""
        for pattern, text, found in (
            ("^.$", "\r", False),
            ("^.$", "\u2028", False),
            (r"(a)?b\1", "b", True),  # a group that took no part is empty
            (r"(?<y>a)?b\k<y>c", "bc", True),
            (r"\ud83d\ude00", "😀", True),
            ("[]", "a", False),
            ("[^]", "\n", True),
            (r"[\b]", "\b", True),
            (r"\0", "\0", True),
            ("a{,3}", "a{,3}", True),
        ):
            self.assertEqual(bool(re.search(python_pattern(pattern), text, re.ASCII)), found, (pattern, text))

    def test_refused(self) -> None:
        """What Python has no notation for is refused, with the reason."""
        for pattern, reason in {
            r"\p{L}": "means something",
            "(?i)a": "nothing that ECMA-262 knows",
            "(?P<n>a)": "nothing that ECMA-262 knows",
            "a++": "nothing to repeat",
            "*": "nothing to repeat",
            "(": "unterminated",
            "[a": "not closed",
            "\\": "ends in a backslash",
            "(?<=a+)b": "fixed-width",
            "[z-a]": "bad character range",
            r"\q": "means something",
        }.items():
            with self.subTest(pattern), self.assertRaisesRegex(ValueError, reason):
                python_pattern(pattern)

    def test_portable(self) -> None:
        """Patterns that every dialect reads alike are left to the models; those with escapes are not."""
        for pattern in ("^[A-Z]{3}$", "^[a-zA-Z0-9-]+$", "Evil Morty|Lawyer Morty", "^iglu:", "a{2,}b?"):
            self.assertTrue(is_portable(pattern), pattern)
        for pattern in (
            r"\d",
            ".",
            "(?:a)",
            "(?=a)",
            "a$|b",
            "[a-c-e]",
            "[a--b]",
            "[a&&b]",
            "[[a]",
            "(",
            "[é]",
            "a**",
        ):
            self.assertFalse(is_portable(pattern), pattern)


if __name__ == "__main__":
    unittest.main()
