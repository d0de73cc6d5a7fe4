"""A proof, or the lack of one, that a backup can be brought back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from recovery.models.replica import Replica

if TYPE_CHECKING:
    from accounts.models import User


class RestoreTestQuerySet(models.QuerySet["RestoreTest"]):
    """Filters that read as sentences."""

    def visible_to(self, user: "User") -> "RestoreTestQuerySet":
        """Those that this person may know of: a drill of an incident is seen by whoever sees the incident."""
        return self.filter(Q(incident=None) | Q(incident__in=Incident.objects.visible_to(user)))


class RestoreTest(models.Model):
    """One real restore of a replica into a scratch folder, what was measured and what was found.

    The number is the key (RT-12). Objectives are copied in, so that a later change does not rewrite what was met.
    Once a test is evidence, triggers in the database refuse to alter or delete its row.
    """

    class Status(models.TextChoices):
        """How it stands, or ended."""

        PENDING = "pending", _("Waiting")
        RUNNING = "running", _("Running")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")
        TIMED_OUT = "timed_out", _("Timed out")
        INCONCLUSIVE = "inconclusive", _("Inconclusive")

    class Trigger(models.TextChoices):
        """What asked for it."""

        PERSON = "person", _("Person")
        COMMAND = "command", _("Command line")
        SCHEDULE = "schedule", _("Schedule")
        INCIDENT = "incident", _("Incident drill")
        API = "api", _("API")

    class Origin(models.TextChoices):
        """Who restored and measured."""

        MEASURED = "measured", _("Measured here")
        REPORTED = "reported", _("Reported by an agent")

    class Phase(models.TextChoices):
        """What a running test is doing."""

        PLAN = "plan", _("Planning")
        RESTORE = "restore", _("Restoring")
        INSPECT = "inspect", _("Checking")

    number = models.BigAutoField(primary_key=True)
    replica = models.ForeignKey(Replica, models.PROTECT, related_name="restore_tests")
    trigger = models.CharField(max_length=20, choices=Trigger, default=Trigger.PERSON)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField()
    # Not to be run before; None: as soon as there is room.
    due_at = models.DateTimeField(null=True, blank=True)
    target_at = models.DateTimeField(_("restored to"), null=True, blank=True)
    # The incident that a drill was asked for from.
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="restore_drills")
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.MEASURED)
    # The agent's own name for itself, and its identifier of the run: a report that arrives twice is one test.
    reporter = models.CharField(max_length=200, blank=True)
    report_key = models.CharField(max_length=64, null=True, blank=True, unique=True)

    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    phase = models.CharField(max_length=20, choices=Phase, blank=True)
    bytes_done = models.PositiveBigIntegerField(default=0)
    bytes_expected = models.PositiveBigIntegerField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    rto_seconds = models.FloatField(null=True, blank=True)
    rpo_seconds = models.FloatField(null=True, blank=True)
    rpo_reason = models.CharField(max_length=300, blank=True)
    rto_objective_seconds = models.PositiveIntegerField(null=True, blank=True)
    rpo_objective_seconds = models.PositiveIntegerField(null=True, blank=True)

    restored_txid = models.CharField(max_length=40, blank=True)
    restored_to = models.DateTimeField(null=True, blank=True)
    integrity = models.CharField(max_length=300, blank=True)
    tables = models.JSONField(default=dict, blank=True)
    checks = models.JSONField(default=list, blank=True)
    # Which checks were on, with their parameters, when the test ran.
    configuration = models.JSONField(default=dict, blank=True)
    # What says whose database it is, such as SQLite's application_id.
    identity = models.JSONField(default=dict, blank=True)
    # For a drill: what restoring to that moment would have lost.
    loss = models.JSONField(default=dict, blank=True)
    phases = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    schema_fingerprint = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    tool = models.CharField(max_length=80, blank=True)
    exit_code = models.IntegerField(null=True, blank=True)
    log_tail = models.TextField(blank=True)

    objects = RestoreTestQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="restore_test_finished_iff_finished_at",
                condition=Q(status__in=("pending", "running"), finished_at=None)
                | (~Q(status__in=("pending", "running")) & Q(finished_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="restore_test_of_a_replica_runs_alone", fields=["replica"], condition=Q(status="running")
            ),
        ]
        indexes = [
            # The history of a replica, newest first.
            models.Index(fields=["replica", "-number"], name="restore_test_by_replica"),
            # The sweep looks for tests that wait or stopped midway.
            models.Index(fields=["status"], name="restore_test_by_status"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The test's page."""
        return reverse("recovery:restore_test", args=[self.number])

    @property
    def reference(self) -> str:
        """The name people say: RT-12."""
        return f"RT-{self.number}"

    @property
    def is_finished(self) -> bool:
        """True once nothing about it changes any more."""
        return self.status not in (self.Status.PENDING, self.Status.RUNNING)

    @property
    def reasons(self) -> list[str]:
        """Why it did not pass: the sentences of the checks that do not hold."""
        return [check["message"] for check in self.checks if not check["passed"]]

    @property
    def notes(self) -> list[str]:
        """What somebody should know of it, whatever its checks say."""
        return [check["message"] for check in self.checks if check.get("outcome") == "noted"]

    @property
    def is_rto_met(self) -> bool | None:
        """Whether the restore was quick enough; None where nothing was measured or nothing was asked for."""
        return _is_met(self.rto_seconds, self.rto_objective_seconds)

    @property
    def is_rpo_met(self) -> bool | None:
        """Whether little enough was missing; None where nothing was measured or nothing was asked for.

        The objective is about the latest state, so a point in time neither meets nor misses it.
        """
        return _is_met(self.rpo_seconds, self.rpo_objective_seconds) if self.target_at is None else None

    @property
    def row_count(self) -> int:
        """All rows of all tables that were counted."""
        return sum(self.tables.values())

    def is_silent(self, now: datetime, seconds: float) -> bool:
        """True for a running test that has not been heard of for so long."""
        heard = self.heartbeat_at or self.started_at
        return self.status == self.Status.RUNNING and (heard is None or (now - heard).total_seconds() > seconds)


def _is_met(measured: float | None, objective: int | None) -> bool | None:
    return None if measured is None or objective is None else measured <= objective
