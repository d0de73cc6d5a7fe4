"""What a check may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from recovery.checks.outcome import CheckOutcome
from recovery.methods.inspection import Answer, Inspection, Question


@dataclass(frozen=True)
class SourceFindings:
    """The live source, asked the same as the restored data: `answers` by key, `fingerprint` of its schema ("" unknown).

    `is_newer`: it has been written to since the restored state, so that the two may differ for a good reason.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    fingerprint: str = ""
    is_newer: bool = True
    problem: str = ""


@dataclass(frozen=True)
class Findings:
    """The restored data, what it is compared with, and the moment it should be of.

    `before` are the rows by table of the test called `before_reference` ("": there is none to compare with).
    """

    inspection: Inspection
    moment: datetime
    before: Mapping[str, int] = field(default_factory=dict)
    before_reference: str = ""
    source: SourceFindings | None = None


class Expectation(Protocol):
    """One check with its parameters, whose names are those in a row's JSON."""

    def questions(self, key: str) -> tuple[Question, ...]:
        """What to ask of the restored data; each question's key begins with `key`."""
        ...

    def source_questions(self, key: str, answers: Mapping[str, Answer]) -> tuple[Question, ...]:
        """What to ask of the live source, given the answers of the restored data."""
        ...

    def judge(self, key: str, findings: Findings) -> CheckOutcome:
        """Whether the restored data holds up to it."""
        ...


class AsksNothing:
    """What most kinds share: all they look at has been found out anyway."""

    def questions(self, key: str) -> tuple[Question, ...]:  # noqa: ARG002
        """None."""
        return ()

    def source_questions(self, key: str, answers: Mapping[str, Answer]) -> tuple[Question, ...]:  # noqa: ARG002
        """None."""
        return ()
