"""Every rule for tracking plans, and what they say of one."""

from __future__ import annotations

from ..errors import settle
from ..plans.model import Plan
from ..survey import survey
from .definitions import UNUSED_DEFINITION
from .descriptions import MISSING_DESCRIPTION
from .model import Remark, Subjects
from .naming import EVENT_NAMING, PROPERTY_NAMING
from .near_names import NEAR_DUPLICATE_EVENT, NEAR_DUPLICATE_PROPERTY
from .personal_data import PERSONAL_DATA

__all__ = ["RULES", "advise"]

RULES = (
    EVENT_NAMING,
    PROPERTY_NAMING,
    NEAR_DUPLICATE_EVENT,
    NEAR_DUPLICATE_PROPERTY,
    MISSING_DESCRIPTION,
    PERSONAL_DATA,
    UNUSED_DEFINITION,
)
"""The rules, in the order of the documentation."""


def advise(plan: Plan) -> tuple[Remark, ...]:
    """Answer what the rules find in a plan, sorted; raises SchemaError where a schema cannot be read.

    A definition that events share is remarked on for each of them, so that each can waive it.
    """
    subjects = Subjects(plan)
    settle(found for rule in plan.rules for found in survey(rule.schema, subjects.library))
    return tuple(sorted({found for rule in RULES for found in rule.check(subjects)}))
