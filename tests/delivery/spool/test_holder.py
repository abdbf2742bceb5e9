"""Whether a process has ended, as others see it."""

import json
import subprocess
import sys
import unittest
from dataclasses import astuple, replace
from pathlib import Path

from segment_client.delivery.spool.holder import has_ended, this_process
from tests.sources import ROOT

NO_FILES = """
import json, resource, sys
from segment_client.delivery.spool.holder import Holder, has_ended

holder = Holder(*json.loads(sys.argv[1]))

def run_out(event, arguments):
    if event == "open" and str(arguments[0]) == f"/proc/{holder.pid}/stat":
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

sys.addaudithook(run_out)
print(has_ended(holder))
"""
"""A program that may open no more files, from just when it is to look for a process."""


class HolderTest(unittest.TestCase):
    """A holder's process."""

    def test_ended(self) -> None:
        """One that ended is told, also where another one has its id now."""
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        self.assertTrue(has_ended(replace(this_process(), pid=process.pid)))
        self.assertTrue(has_ended(replace(this_process(), started="1")))
        self.assertFalse(has_ended(this_process()))

    def test_no_start(self) -> None:
        """One that could not look up its own start is told by its id alone."""
        self.assertFalse(has_ended(replace(this_process(), started="")))

    @unittest.skipUnless(Path("/proc/self/stat").exists(), "this platform has no /proc")
    def test_cannot_look(self) -> None:
        """One that lives has not ended where that cannot be looked up, as no more files may be open."""
        holder = json.dumps(astuple(this_process()))
        found = subprocess.run(
            [sys.executable, "-c", NO_FILES, holder], cwd=ROOT, check=True, capture_output=True, text=True
        )
        self.assertEqual(found.stdout, "False\n")


if __name__ == "__main__":
    unittest.main()
