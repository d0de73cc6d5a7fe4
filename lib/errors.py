"""What a user can put right."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A request that a rule refuses. Its text is a sentence for the person: what happened, what to do next.

    `field` names the form field the sentence belongs beside, where there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class EditConflict(DomainError):  # noqa: N818  # named for what happened
    """Somebody else saved first; `values` are those that stand now, by field name."""

    def __init__(self, message: str, *, values: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.values = values
