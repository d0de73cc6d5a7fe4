"""What lists of incidents are sorted by, where that is no column of its own.

Each stands in an index as well, so its SQL holds no parameter: SQLite would not recognise it again.
"""

from typing import Any

from django.db.models import BigIntegerField, F, Func, SmallIntegerField
from django.db.models.functions import Coalesce


class StatusRank(Func):
    """The status as a number, in the order of the lifecycle: 1 is under investigation, 5 is closed."""

    template = (
        "CASE %(expressions)s WHEN 'investigating' THEN 1 WHEN 'identified' THEN 2 WHEN 'monitoring' THEN 3 "
        "WHEN 'resolved' THEN 4 ELSE 5 END"
    )
    arity = 1
    output_field = SmallIntegerField()


class WholeSeconds(Func):
    """The time from the second instant to the first, in whole seconds; NULL where one of them is unknown."""

    template = "ROUND(EXTRACT(EPOCH FROM (%(expressions)s)))::bigint"
    arg_joiner = " - "
    arity = 2
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        """The same of instants that are stored as text."""
        sql, parameters = self.as_sql(
            compiler,
            connection,
            template="CAST(ROUND((julianday(%(expressions)s)) * 86400.0) AS INTEGER)",
            arg_joiner=") - julianday(",
            **context,
        )
        return sql, tuple(parameters)


def began() -> Coalesce:
    """When the impact began; while that is unknown, when the incident was declared."""
    return Coalesce("impact_started_at", "declared_at")


def status_rank() -> StatusRank:
    """How far the response is."""
    return StatusRank(F("status"))


def time_to_resolve() -> WholeSeconds:
    """From the beginning of the impact to the end, in seconds; NULL while one of them is unknown."""
    return WholeSeconds(F("resolved_at"), F("impact_started_at"))
