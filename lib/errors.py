"""What a user can put right."""


class DomainError(Exception):
    """A request that a rule refuses. Its text is a sentence for the person: what happened, what to do next.

    `field` names the form field the sentence belongs beside, where there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class EditConflict(DomainError):  # noqa: N818  # named for what happened
    """Somebody else saved first; `theirs` is the text that stands now, `version` the number to save over."""

    def __init__(self, message: str, *, theirs: str, version: int) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.version = version
