"""Something went wrong; this is its record."""

from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import deadlines
from incidents.durations import Duration, has_invalid_duration, measure_duration, measure_durations
from incidents.lifecycle import MILESTONES, ONGOING, Status
from incidents.models.service import Service
from incidents.models.severity import SeverityLevel
from incidents.models.sort_keys import began, status_rank, time_to_resolve
from incidents.models.stamps import Stamped
from incidents.models.tag import Tag

if TYPE_CHECKING:
    from accounts.models import User


class Mode(models.TextChoices):
    """Whether the incident is happening, over when it was written down, or an exercise."""

    LIVE = "live", _("Live")
    RETROSPECTIVE = "retrospective", _("Retrospective")
    DRILL = "drill", _("Drill")


class Visibility(models.TextChoices):
    """Who sees an incident: everyone with an account, or the people and teams it names."""

    OPEN = "open", _("Open")
    RESTRICTED = "restricted", _("Restricted")


class DataLoss(models.TextChoices):
    """What is known of lost data."""

    UNKNOWN = "unknown", _("Unknown")
    NONE = "none", _("None")
    LOST = "lost", _("Data was lost")


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Filters that read as sentences."""

    def ongoing(self) -> "IncidentQuerySet":
        """Those that are not over."""
        # The same as by status, and what the index of those that are not over is found by.
        return self.filter(resolved_at=None)

    def for_figures(self) -> "IncidentQuerySet":
        """Those that count: neither exercises nor what was found to be part of another incident."""
        return self.exclude(mode=Mode.DRILL).filter(duplicate_of=None)

    def visible_to(self, user: "User") -> "IncidentQuerySet":
        """Those that this person may know of: open ones, and restricted ones that name them or a team of theirs.

        Whatever shows, counts, finds or sends anything of an incident begins here.
        """
        grants = apps.get_model("incidents", "IncidentGrant").objects
        named = grants.filter(Q(person=user) | Q(team__members=user)).values("incident")
        return self.filter(Q(visibility=Visibility.OPEN) | Q(pk__in=named))


class Incident(Stamped):
    """One incident: its facts, its milestones (each may be unknown), its impact.

    The number is the key: the database hands it out, so two declared at once never share one.
    """

    number = models.BigAutoField(primary_key=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    severity = models.ForeignKey(SeverityLevel, models.PROTECT, related_name="incidents")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.INVESTIGATING)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode, default=Mode.LIVE)
    services = models.ManyToManyField(Service, related_name="incidents", blank=True)
    tags = models.ManyToManyField(Tag, related_name="incidents", blank=True)
    visibility = models.CharField(_("visible to"), max_length=20, choices=Visibility, default=Visibility.OPEN)
    # The timezone that times are typed in; empty is the installation's.
    time_zone = models.CharField(_("timezone"), max_length=64, blank=True)
    # What it was found to be part of; its own timeline was moved there.
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    # What it was before it became a duplicate; empty where it was over by then, or its end was changed since.
    status_before_merge = models.CharField(max_length=20, choices=Status, blank=True)
    related = models.ManyToManyField("self", blank=True)
    # Grows with each change that people who watch the page are to see.
    revision = models.PositiveBigIntegerField(default=0)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Chosen by the browser or program that declared it, so that sending it twice makes one incident.
    submission_key = models.CharField(max_length=64, blank=True)

    impact_started_at = models.DateTimeField(_("impact started"), null=True, blank=True)
    detected_at = models.DateTimeField(_("detected"), null=True, blank=True)
    declared_at = models.DateTimeField(_("declared"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    mitigated_at = models.DateTimeField(_("mitigated"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    impact = models.TextField(_("impact"), blank=True)
    customers_affected = models.PositiveBigIntegerField(_("customers affected"), null=True, blank=True)
    requests_failed = models.PositiveBigIntegerField(_("requests failed"), null=True, blank=True)
    data_loss = models.CharField(_("data loss"), max_length=20, choices=DataLoss, default=DataLoss.UNKNOWN)
    data_lost = models.CharField(_("data lost"), max_length=200, blank=True)
    cost = models.CharField(_("cost"), max_length=100, blank=True)

    # The example is found again by this name, so that loading it twice changes nothing.
    example = models.CharField(max_length=40, blank=True, default="")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="incident_status_is_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="incident_title_is_not_empty", condition=~Q(title="")),
            models.CheckConstraint(
                name="incident_over_iff_resolved_at",
                condition=Q(status__in=ONGOING, resolved_at=None)
                | Q(status__in=(Status.RESOLVED, Status.CLOSED), resolved_at__isnull=False),
            ),
            models.CheckConstraint(name="incident_visibility_is_known", condition=Q(visibility__in=Visibility.values)),
            models.CheckConstraint(name="incident_data_loss_is_known", condition=Q(data_loss__in=DataLoss.values)),
            models.CheckConstraint(
                name="incident_is_no_duplicate_of_itself",
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("number")),
            ),
            models.UniqueConstraint(
                name="incident_is_sent_once",
                fields=["declared_by", "submission_key"],
                condition=~Q(submission_key=""),
            ),
            models.CheckConstraint(
                name="incident_status_before_merge_is_a_duplicates",
                condition=Q(status_before_merge="") | Q(duplicate_of__isnull=False),
            ),
            models.UniqueConstraint(
                name="incident_example_is_loaded_once", fields=["example"], condition=~Q(example="")
            ),
        ]
        indexes = [
            # The list of incidents filtered by status, newest first.
            models.Index(fields=["status", "-number"], name="incident_by_status"),
            # Those that have a duration to be repaired: few or none, however many incidents there are.
            models.Index(fields=["number"], condition=has_invalid_duration(), name="incident_with_invalid_duration"),
            # Those that are not over, by `resolved_at` alone: SQLite would not see that a list of statuses means them.
            models.Index(fields=["number"], condition=Q(resolved_at=None), name="incident_not_over"),
            # How many of a mode this person sees, without a look at the incidents themselves.
            models.Index(fields=["mode", "number", "visibility"], name="incident_by_mode"),
            # The list in each of its orders, forwards and backwards, from any place in it.
            models.Index(fields=["severity", "number"], name="incident_by_severity"),
            models.Index(fields=["updated_at", "number"], name="incident_by_update"),
            models.Index(began(), F("number"), name="incident_by_beginning"),
            models.Index(status_rank(), F("number"), name="incident_by_status_rank"),
            models.Index(time_to_resolve(), F("number"), name="incident_by_time_to_resolve"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """The incident's page."""
        return reverse("incidents:incident", args=[self.number])

    @property
    def reference(self) -> str:
        """The name people say: INC-42."""
        return f"INC-{self.number}"

    @property
    def zone(self) -> tzinfo:
        """The timezone that times of this incident are typed in."""
        return ZoneInfo(self.time_zone) if self.time_zone else timezone.get_default_timezone()

    @property
    def is_over(self) -> bool:
        """True once it is resolved."""
        return self.status not in ONGOING

    @property
    def is_drill(self) -> bool:
        """True for an exercise, which figures leave out."""
        return self.mode == Mode.DRILL

    @property
    def postmortem_due(self) -> date | None:
        """The last day for its post-mortem; None while it goes on, and where none is required."""
        return deadlines.postmortem_due(self, self.severity)

    @property
    def action_items_due(self) -> date | None:
        """The last day for its action items; None while it goes on."""
        return deadlines.action_items_due(self, self.severity)

    @property
    def data_loss_in_words(self) -> str:
        """What is known of lost data; empty where nothing is."""
        if self.data_lost or self.data_loss == DataLoss.UNKNOWN:
            return self.data_lost
        return str(_("none") if self.data_loss == DataLoss.NONE else _("yes; how much is unknown"))

    @property
    def is_restricted(self) -> bool:
        """True when only the people and teams it names may know of it."""
        return self.visibility == Visibility.RESTRICTED

    @property
    def milestones(self) -> dict[str, datetime | None]:
        """The seven instants by field name."""
        return {name: getattr(self, name) for name in MILESTONES}

    @property
    def time_to_resolve(self) -> Duration:
        """The last of the durations, by its two ends alone: a list reads no more of an incident."""
        ends = {"impact_started_at": self.impact_started_at, "resolved_at": self.resolved_at}
        return measure_duration("time_to_resolve", ends, is_over=self.is_over)

    @property
    def durations(self) -> list[Duration]:
        """The four durations, recorded, pending, not applicable or invalid."""
        return measure_durations(self.milestones, is_over=self.is_over)
