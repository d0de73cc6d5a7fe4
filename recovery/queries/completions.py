"""Restore tests and evidence, offered while a reference to them is being typed."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from accounts.models import User
from incidents.models import Incident
from incidents.queries.completions import MOST, Completion
from recovery.models import Evidence, RestoreTest


def complete_restore_test(user: User, _incident: Incident, part: str) -> list[Completion]:
    """The newest restore tests with this number or of a database with this name that the person may see."""
    known = RestoreTest.objects.visible_to(user).annotate(digits=Cast("number", CharField()))
    wanted = Q(digits__startswith=part) | Q(replica__database__name__icontains=part)
    found = known.filter(wanted).select_related("replica__database").order_by("-number")[:MOST]
    return [Completion(f"RT-{one.number}", str(one.replica.database), str(one.get_status_display())) for one in found]


def complete_evidence(_user: User, incident: Incident, part: str) -> list[Completion]:
    """The evidence of this incident that was not withdrawn."""
    known = Evidence.objects.filter(incident=incident, withdrawn_at=None).annotate(digits=Cast("pk", CharField()))
    found = known.filter(Q(digits__startswith=part) | Q(caption__icontains=part)).order_by("pk")[:MOST]
    return [Completion(str(one), one.caption, str(one.get_kind_display())) for one in found]
