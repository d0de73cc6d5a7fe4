"""Who does what during an incident."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class IncidentRole(models.TextChoices):
    """The parts of a response. Of subject-matter experts there may be several, of the others one at a time."""

    COMMANDER = "commander", _("Incident commander")
    DEPUTY = "deputy", _("Deputy")
    SCRIBE = "scribe", _("Scribe")
    COMMUNICATIONS = "communications", _("Communications lead")
    EXPERT = "expert", _("Subject-matter expert")

    @property
    def duty(self) -> str:
        """What somebody in this role does."""
        return str(_DUTIES[self])


_DUTIES = {
    IncidentRole.COMMANDER: _(
        "Leads the response: keeps sight of the whole, decides what is tried next, and asks others to do it. "
        "Until other parts are given to somebody, they are the commander’s."
    ),
    IncidentRole.DEPUTY: _(
        "Stands by the commander: follows up what was decided, watches what the commander has no time for, "
        "and takes over for a rest or a handover."
    ),
    IncidentRole.SCRIBE: _(
        "Writes into the timeline what happens, what is decided and why, while it happens. "
        "Nobody has to remember it afterwards."
    ),
    IncidentRole.COMMUNICATIONS: _(
        "Tells users, support and management what is known and when they hear more, "
        "so that those who repair are not asked."
    ),
    IncidentRole.EXPERT: _(
        "Knows a part of what is disturbed, looks for what is wrong there and repairs it. "
        "There can be several; each says what they are about to change before they do."
    ),
}


class RoleAssignment(Stamped):
    """One person in one role, from when to when; without an end it is held now."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="role_assignments")
    role = models.CharField(_("role"), max_length=20, choices=IncidentRole)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_assignments")
    taken_at = models.DateTimeField(_("since"))
    released_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["taken_at", "pk"]
        constraints = [
            models.CheckConstraint(name="role_assignment_role_is_known", condition=Q(role__in=IncidentRole.values)),
            models.CheckConstraint(
                name="role_assignment_ends_after_it_begins",
                condition=Q(released_at=None) | Q(released_at__gte=F("taken_at")),
            ),
            models.UniqueConstraint(
                name="role_is_held_by_one_at_a_time",
                fields=["incident", "role"],
                condition=Q(released_at=None) & ~Q(role="expert"),
            ),
            models.UniqueConstraint(
                name="role_is_held_once_by_a_person",
                fields=["incident", "role", "person"],
                condition=Q(released_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"
