"""What RT-12 and EV-3 in a document stand for."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.documents.references import Found, open_or
from incidents.models import Incident
from recovery.models import Evidence, RestoreTest


def find_tests(numbers: Collection[int], incident: Incident) -> dict[int, Found]:
    """The restore tests that everyone who sees the incident may know of, with what they measured."""
    tests = RestoreTest.objects.filter(Q(incident=None) | open_or(incident, "incident__"), pk__in=numbers)
    return {
        test.number: Found(
            test.reference,
            test.get_absolute_url(),
            {"rto": test.rto_seconds, "rpo": test.rpo_seconds},
            caution=_caution(test),
        )
        for test in tests.select_related("replica__database")
    }


def find_evidence(numbers: Collection[int], incident: Incident) -> dict[int, Found]:
    """The evidence that everyone who sees the incident may know of; what was withdrawn speaks for nothing any more."""
    pieces = Evidence.objects.filter(open_or(incident, "incident__"), pk__in=numbers, withdrawn_at=None)
    return {
        piece.pk: Found(
            str(piece), f"{reverse('recovery:evidence_list', args=[piece.incident_id])}#evidence-{piece.pk}"
        )
        for piece in pieces
    }


def offer_figures(incident: Incident) -> list[str]:
    """What the restore tests attached to the incident measured."""
    attached = Evidence.objects.filter(incident=incident, withdrawn_at=None, restore_test__isnull=False)
    numbers = attached.order_by("attached_at", "pk").values_list("restore_test", flat=True)
    return [f"RT-{number}.{name}" for number in numbers for name in ("rto", "rpo")]


def _caution(test: RestoreTest) -> str:
    """What nobody may overlook beside a figure of this test."""
    if test.replica.database.is_demonstration:
        return _("made up for the demonstration")
    return "" if test.status == RestoreTest.Status.PASSED else test.get_status_display().lower()
