"""What bodies and answers of the REST API have in common."""

import re
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from lib.forms import FIRST_YEAR, LAST_YEAR

AnyDay = TypeVar("AnyDay", bound=date)

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text; ValueError for characters that make a line read differently from what it says, or cannot be stored."""
    if _CONTROL.search(text):
        raise ValueError("holds control characters or marks of direction")
    return text


def within_years(day: AnyDay) -> AnyDay:
    """The day or instant; ValueError for a year that no form would take, and that cannot be shown in every timezone."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


PlainText = Annotated[str, AfterValidator(plain)]
Instant = Annotated[AwareDatetime, AfterValidator(within_years)]
Day = Annotated[date, AfterValidator(within_years)]
SubmissionKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class FaultOut(BaseModel):
    """One place in a request that is wrong."""

    pointer: str
    detail: str


class ProblemOut(BaseModel):
    """An error (RFC 9457). `detail` says what happened and what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultOut] | None = None
