"""What the watch saw, minute by minute."""

from django.db import models

from recovery.models.replica import Replica


class Measurement(models.Model):
    """How far one replica was behind at one moment; unknown values are None and `reason` says why.

    Kept for every minute of a day and for every hour of 90 days.
    """

    replica = models.ForeignKey(Replica, models.CASCADE, related_name="measurements")
    at = models.DateTimeField()
    lag_seconds = models.FloatField(null=True, blank=True)
    newest_at = models.DateTimeField(null=True, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at"]
        # The history of one replica in order; thinning it goes by the same.
        constraints = [models.UniqueConstraint(name="measurement_is_one_a_moment", fields=["replica", "at"])]

    def __str__(self) -> str:
        return f"{self.replica_id} at {self.at:%Y-%m-%d %H:%M}"


class DiskUsage(models.Model):
    """How full the disk under one path was at one moment; kept as long as a measurement.

    Both figures are 0 where the path could not be read, and `reason` says why.
    """

    path = models.CharField(max_length=1000)
    at = models.DateTimeField()
    total_bytes = models.PositiveBigIntegerField()
    used_bytes = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at"]
        # The history of one path in order; thinning it goes by the same.
        constraints = [models.UniqueConstraint(name="disk_usage_is_one_a_moment", fields=["path", "at"])]

    def __str__(self) -> str:
        return f"{self.path} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def used_percent(self) -> float:
        """From 0 to 100."""
        return 100 * self.used_bytes / self.total_bytes if self.total_bytes else 0.0
