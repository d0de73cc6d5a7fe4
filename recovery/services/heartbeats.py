"""The heartbeat row: the application writes the time into it, so restored data tells how fresh it is."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from lib.moments import read_stored_instant
from recovery.errors import RecoveryError
from recovery.methods.inspection import Answer, Question
from recovery.models import Database, RestoreTest

KEY = "heartbeat"


def ask_for_heartbeat(database: Database) -> tuple[Question, ...]:
    """The question for the newest heartbeat, where one is configured."""
    if not database.heartbeat_table:
        return ()
    return (Question(KEY, "newest", table=database.heartbeat_table, column=database.heartbeat_column),)


def judge_heartbeat(test: RestoreTest, answers: Mapping[str, Answer]) -> tuple[float | None, str] | None:
    """The RPO in seconds that the newest restored heartbeat shows, or None and the reason; None where there is none.

    It is counted from the moment asked for, or from the start of the test, so it holds the heartbeat's own interval.
    """
    answer = answers.get(KEY)
    reference = test.target_at or test.started_at
    if answer is None or reference is None:
        return None
    if answer.problem:
        return None, _("The heartbeat could not be read: %(problem)s") % {"problem": answer.problem}
    instant = None if answer.value is None else read_stored_instant(answer.value)
    if instant is None:
        return None, _("The heartbeat’s newest value is no time, or there is none.")
    return round(max(0.0, (reference - instant).total_seconds()), 3), ""


def set_heartbeat(database: Database, *, table: str, column: str) -> Database:
    """From the next test on, the newest value of this column says how fresh restored data is; both empty: none does."""
    if bool(table) != bool(column):
        raise RecoveryError(_("Give both the table and the column, or neither."), field="column" if table else "table")
    database.heartbeat_table, database.heartbeat_column = table, column
    database.save(update_fields=["heartbeat_table", "heartbeat_column", "updated_at"])
    return database
