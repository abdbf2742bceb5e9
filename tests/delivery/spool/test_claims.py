"""Claims as ranges of ids, held against a table that says of each id who has it."""

import sqlite3
import unittest
from contextlib import closing
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segment_client.delivery.spool import claims
from segment_client.delivery.spool.schema import SCHEMA

IDS = range(1, 25)
NOW = 100.0
LATEST = 200.0
LEASES = st.sampled_from((NOW, NOW + 1, LATEST, LATEST + 1))
HOLDERS = st.integers(1, 3)
SOME_IDS = st.sets(st.sampled_from(IDS), max_size=12)
TAKE = st.tuples(st.just("take"), SOME_IDS, HOLDERS, LEASES)
DROP = st.tuples(st.just("drop"), SOME_IDS, HOLDERS, LEASES)
DROP_ALL = st.tuples(st.just("drop_all"), SOME_IDS, HOLDERS, LEASES)
STEPS = st.lists(st.one_of(TAKE, DROP, DROP_ALL), max_size=12)


class ClaimsTest(unittest.TestCase):
    """What ranges say of ids."""

    @given(
        st.lists(st.one_of(TAKE, DROP, DROP_ALL), max_size=12),
        st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)),
    )
    def test_ranges(self, steps: list[tuple[str, set[int], int, float]], within: tuple[int, int]) -> None:
        """Whatever is taken and dropped, who took an id last has it, and nobody when the lease ends."""
        held: dict[int, tuple[int, float]] = {}
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:

            def execute(statement: str, *arguments: float | str | bytes | None) -> list[tuple[Any, ...]]:
                return connection.execute(statement, arguments).fetchall()

            for statement in SCHEMA:
                execute(statement)
            for step, ids, holder, lease in steps:
                if step == "take":
                    claims.take(execute, claims.runs(ids), holder, lease)
                    held.update(dict.fromkeys(ids, (holder, lease)))
                elif step == "drop":
                    claims.drop(execute, claims.runs(ids))
                    held = {number: one for number, one in held.items() if number not in ids}
                else:
                    claims.drop_all(execute, holder)
                    held = {number: one for number, one in held.items() if one[0] != holder}
            found = claims.free(execute, within, NOW, LATEST)
            covered = {holder: claims.covered(execute, IDS, holder) for holder in (1, 2, 3)}
        free = {
            number
            for number in range(within[0], within[1] + 1)
            if not NOW < held.get(number, (0, NOW))[1] <= LATEST
        }
        self.assertEqual([number for first, last in found for number in range(first, last + 1)], sorted(free))
        for holder, ids in covered.items():
            self.assertEqual(ids, {number for number, (of, _) in held.items() if of == holder})

    @given(SOME_IDS)
    def test_runs(self, ids: set[int]) -> None:
        """Ranges hold exactly the ids that they were made of, and no two of them could be one."""
        found = claims.runs(ids)
        self.assertEqual([number for first, last in found for number in range(first, last + 1)], sorted(ids))
        for (_, ended), (begun, _) in pairwise(found):
            self.assertGreater(begun, ended + 1)


if __name__ == "__main__":
    unittest.main()
