"""How far a version went up."""

import unittest

from segment_codegen.diff.versions import bump_between


class VersionsTest(unittest.TestCase):
    """What the versions of an event tell of a step."""

    def test_semantic(self) -> None:
        """Versions with dots step as Semantic Versioning has it, those of one number by major steps."""
        steps = {("1.0.0", "2.0.0"): "major", ("1.0.9", "1.1.0"): "minor", ("1.0.0", "v1.0.10"): "patch"}
        for (old, new), bump in {**steps, ("3", "4"): "major"}.items():
            self.assertEqual(bump_between(old, new), bump, (old, new))

    def test_iglu(self) -> None:
        """Versions with hyphens are model, revision and addition, and an addition is a minor step."""
        for new, bump in (("2-0-0", "major"), ("1-1-0", "minor"), ("1-0-3", "minor")):
            self.assertEqual(bump_between("1-0-2", new), bump)

    def test_nowhere(self) -> None:
        """One that went down, stayed or is no number went nowhere."""
        for old, new in (("1.1.0", "1.0.9"), ("1.0", "1.0.0"), ("", "1.0.0"), ("1.0.0", "next")):
            self.assertEqual(bump_between(old, new), "none", (old, new))


if __name__ == "__main__":
    unittest.main()
