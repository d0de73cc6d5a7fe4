"""A user's mistake, and the three ways a restore ends without giving the data back."""

from lib.errors import DomainError


class RecoveryError(DomainError):
    """A request that a rule of recovery refuses."""


class NotRegistered(RecoveryError):  # noqa: N818 (named for what is missing)
    """A report about a database or replica that nobody has registered."""


class ReportTaken(RecoveryError):  # noqa: N818 (named for what happened)
    """A report under the key of another one."""


class EvidenceFileLost(RecoveryError):  # noqa: N818 (named for what happened)
    """A file that is evidence and no longer what was attached."""


class RestoreStopped(Exception):  # noqa: N818 (an outcome, named like the status it leads to)
    """A restore test that ended early. `message` is a sentence for people; the rest is what the tool left behind.

    `exit_code` is the tool's own (negative: the signal that ended it), None where no tool ran to its end.
    `log_tail` is the cleaned end of the tool's log, at most 4 KB, empty where there is none.
    """

    def __init__(self, message: str, *, exit_code: int | None = None, log_tail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.log_tail = log_tail


class RestoreFailed(RestoreStopped):
    """The backup was read and the data did not come back."""


class RestoreInconclusive(RestoreStopped):
    """The surroundings failed before anything could be said about the backup."""


class RestoreTimedOut(RestoreStopped):
    """The time allowed was over before the data was back and checked."""
