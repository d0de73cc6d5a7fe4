"""What recovery asks for before an incident is closed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.closing import Obstacle
from incidents.models import DataLoss, Incident
from recovery.queries.evidence import has_passing_test


def require_restore_test(incident: Incident) -> Obstacle | None:
    """An obstacle while data is said to be lost and no restore test that passed is attached."""
    if incident.data_loss != DataLoss.LOST or has_passing_test(incident):
        return None
    return Obstacle(
        _("Data was lost, and no restore test that passed is attached as evidence."),
        reverse("recovery:evidence_list", args=[incident.pk]),
        _("Attach a restore test"),
    )
