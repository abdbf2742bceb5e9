"""Identifiers: new ones never come twice, derived ones are those of the standard library."""

import os
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from segment_client.ids import derive_event_gid, is_derived, new_message_id
from tests.laws import law
from tests.sources import ROOT

FORKS = """
import os
from segment_client.ids import new_message_id
before = new_message_id()
reader, writer = os.pipe()
for _ in range(3):
    if os.fork() == 0:
        os.write(writer, " ".join(new_message_id() for _ in range(20)).encode() + b"\\n")
        os._exit(0)
    os.wait()
own = [new_message_id() for _ in range(20)]
os.close(writer)
print(before, *own, os.read(reader, 100_000).decode())
"""


class IdsTest(unittest.TestCase):
    """The ids of events."""

    def test_version(self) -> None:
        """A new id is the text of a UUID v4, in its one usual notation."""
        for _ in range(1_000):
            text = new_message_id()
            parsed = UUID(text)
            self.assertEqual(
                (str(parsed), parsed.version, parsed.variant), (text, 4, "specified in RFC 4122")
            )

    def test_threads(self) -> None:
        """Threads that ask at once never get the same id."""
        with ThreadPoolExecutor(8) as threads:
            drawn = list(threads.map(lambda _: [new_message_id() for _ in range(500)], range(16)))
        self.assertEqual(len({text for texts in drawn for text in texts}), 8_000)

    @unittest.skipUnless(hasattr(os, "fork"), "this system does not fork")
    def test_forks(self) -> None:
        """A forked child gives out none of the ids that its parent had drawn."""
        done = subprocess.run(
            [sys.executable, "-c", FORKS], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        )
        ids = done.stdout.split()
        self.assertEqual((len(ids), len(set(ids))), (81, 81))

    @law(50)
    @given(st.uuids(), st.text(min_size=1), st.uuids())
    def test_derived(self, entity: UUID, message_id: str, other: UUID) -> None:
        """A derived id is the UUID v5 of the standard library, and told from every other."""
        derived = derive_event_gid(entity, message_id)
        self.assertEqual((derived, derived.version), (uuid5(entity, message_id), 5))
        self.assertTrue(is_derived(derived, entity, message_id))
        self.assertEqual(is_derived(other, entity, message_id), other == derived)


if __name__ == "__main__":
    unittest.main()
