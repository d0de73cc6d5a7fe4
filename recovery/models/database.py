"""What is protected."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask

from accounts.models import Team

NAME = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z",
    _("Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit."),
)
# A weekly test that waits its turn, or is run a day late, has not lapsed.
PROOF_DAYS = 8
DISK_ALERT_PERCENT = 80
SAMPLED_POINTS = 2


class DatabaseQuerySet(models.QuerySet["Database"]):
    """Ways to ask for databases."""

    def here(self) -> "DatabaseQuerySet":
        """Those whose files and disks can be seen from here: on no host of their own, and no demonstration's."""
        return self.filter(host="", is_demonstration=False)


class Database(models.Model):
    """One database, its objectives (None is no objective), and how it is watched.

    A SQLite database has a `path`, a PostgreSQL one a `dsn` of its primary without the password. `secrets` names where
    each secret is read from (`env:NAME` or `file:/path`) and never holds one. With a `host`, the database lies on that
    machine, and no path of it is one of this machine: a replica that can be reached over the network is tested here all
    the same, any other one by an agent there.
    """

    class Kind(models.TextChoices):
        """What software keeps it."""

        SQLITE = "sqlite", "SQLite"
        POSTGRESQL = "postgresql", "PostgreSQL"

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[NAME])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SQLITE)
    path = models.CharField(_("path"), max_length=1000, blank=True)
    dsn = models.CharField(_("connection string"), max_length=1000, blank=True)
    secrets = models.JSONField(default=dict, blank=True)
    host = models.CharField(_("host"), max_length=200, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="databases")
    is_demonstration = models.BooleanField(default=False)

    rpo_objective_seconds = models.PositiveIntegerField(_("RPO objective"), null=True, blank=True)
    rto_objective_seconds = models.PositiveIntegerField(_("RTO objective"), null=True, blank=True)
    proof_objective_days = models.PositiveIntegerField(_("proven every"), null=True, blank=True, default=PROOF_DAYS)

    schedule = models.OneToOneField(PeriodicTask, models.SET_NULL, null=True, blank=True, related_name="+")
    sampled_points = models.PositiveSmallIntegerField(_("points in time to sample"), default=SAMPLED_POINTS)
    # A row that the application writes at intervals; its newest value says how fresh restored data really is.
    heartbeat_table = models.CharField(_("heartbeat table"), max_length=200, blank=True)
    heartbeat_column = models.CharField(_("heartbeat column"), max_length=200, blank=True)

    # Empty: the disk that `path` is on.
    watched_path = models.CharField(_("disk to watch"), max_length=1000, blank=True)
    disk_alert_percent = models.PositiveSmallIntegerField(
        _("alert at"), default=DISK_ALERT_PERCENT, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # None: the RPO objective, or what the watch takes for one.
    lag_alert_seconds = models.PositiveIntegerField(_("alert at a lag of"), null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DatabaseQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="database_has_its_location",
                condition=(Q(kind="sqlite", dsn="") & ~Q(path="")) | (Q(kind="postgresql", path="") & ~Q(dsn="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The database's page."""
        return reverse("recovery:database", args=[self.name])

    @property
    def is_file_elsewhere(self) -> bool:
        """Whether it is a file on another machine, so that one of the same name here has nothing to do with it."""
        return bool(self.host) and self.kind == self.Kind.SQLITE

    @property
    def location(self) -> str:
        """Where it is: the path or the connection string, neither with a secret in it."""
        return self.path or self.dsn
