"""What the server's count has to be for numbered events that were all delivered or refused."""

import unittest
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from tests.soak.fates import refusal
from tests.soak.tally import Tally

__all__ = ["REASONS", "bad", "check_order", "differing", "good"]

REASONS = {400: "rejected", 413: "too_large", 422: "rejected"}
"""The reason that a client gives for each status by which a server refuses an event."""


def good(numbers: Iterable[int]) -> Counter[int]:
    """Return the numbers of the events that a server takes."""
    return Counter(number for number in numbers if refusal(number) is None)


def bad(numbers: Iterable[int]) -> Counter[tuple[int, int]]:
    """Return number and status of each event that a server refuses."""
    return Counter((number, status) for number in numbers if (status := refusal(number)) is not None)


def differing(found: Counter[int], expected: Counter[int]) -> dict[int, tuple[int, int]]:
    """Return the numbers, 20 at most, that were counted otherwise than expected, with both counts."""
    wrong = sorted(number for number in found | expected if found[number] != expected[number])
    return {number: (found[number], expected[number]) for number in wrong[:20]}


def check_order(test: unittest.TestCase, tally: Tally, threads: Iterable[range]) -> None:
    """Hold each worker to the order in which each thread tracked the numbers of its range."""
    for worker, brought in tally.order.items():
        for numbers in threads:
            of_thread = [number for number in brought if number in numbers]
            late = [later for before, later in pairwise(of_thread) if later < before]
            test.assertEqual(late[:20], [], f"{worker} brought them after one that was tracked later")
