"""What is done so that it does not happen again."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.models.incident import Incident
from incidents.models.root_cause import RootCause
from incidents.models.stamps import Stamped


class ActionItem(Stamped):
    """One promise, with an owner (a person or a team) and a due date; the number is the key (ACT-7)."""

    class Kind(models.TextChoices):
        """What it is for."""

        PREVENT = "prevent", _("Prevent")
        DETECT = "detect", _("Detect")
        MITIGATE = "mitigate", _("Mitigate")
        PROCESS = "process", _("Process")

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("In progress")
        BLOCKED = "blocked", _("Blocked")
        DONE = "done", _("Done")
        NOT_DOING = "not_doing", _("Not doing")

    number = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="action_items")
    root_cause = models.ForeignKey(RootCause, models.SET_NULL, null=True, blank=True, related_name="action_items")
    title = models.CharField(_("action"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PREVENT)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    owner_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="action_items"
    )
    owner_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="action_items")
    due_date = models.DateField(_("due"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="action_item_title_is_not_empty", condition=~Q(title="")),
            models.CheckConstraint(
                name="action_item_has_one_owner_at_most", condition=Q(owner_person=None) | Q(owner_team=None)
            ),
            models.CheckConstraint(
                name="action_item_completed_at_only_when_done", condition=Q(status="done") | Q(completed_at=None)
            ),
            models.CheckConstraint(
                name="action_item_not_doing_has_reason", condition=~Q(status="not_doing") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """The name people say: ACT-7."""
        return f"ACT-{self.number}"

    @property
    def owner(self) -> object | None:
        """The person or the team, or None while nobody has taken it."""
        return self.owner_person or self.owner_team

    @property
    def shows_reason(self) -> bool:
        """True while the reason says something: for what is not done, and for what is held up."""
        return bool(self.reason) and self.status in (self.Status.NOT_DOING, self.Status.BLOCKED)

    @property
    def is_open(self) -> bool:
        """True while something is still owed."""
        return self.status not in (self.Status.DONE, self.Status.NOT_DOING)

    def is_overdue(self, today: date) -> bool:
        """True when the due date has passed and the promise has not been kept."""
        return self.is_open and self.due_date is not None and self.due_date < today
