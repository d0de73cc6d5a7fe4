"""What bodies and answers of the REST API have in common."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text; ValueError for characters that make a line read differently from what it says, or cannot be stored."""
    if _CONTROL.search(text):
        raise ValueError("holds control characters or marks of direction")
    return text


PlainText = Annotated[str, AfterValidator(plain)]
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
