"""A scheduled restore test that was not run."""

from django.db import models

from recovery.models.database import Database
from recovery.models.replica import Replica


class SkippedRun(models.Model):
    """A schedule came round and no test was made of it; `reason` says why, in a sentence."""

    database = models.ForeignKey(Database, models.CASCADE, related_name="skipped_runs")
    replica = models.ForeignKey(Replica, models.CASCADE, null=True, blank=True, related_name="skipped_runs")
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["-due_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.database.name} at {self.due_at:%Y-%m-%d %H:%M}"
