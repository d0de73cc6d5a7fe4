"""Restore tests and evidence, offered while a reference to them is being typed."""

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from accounts.models import User
from incidents.documents.references import open_or
from incidents.models import Incident
from incidents.queries.completions import MOST, Completion, begins_with
from recovery.models import Database, Evidence, RestoreTest

MOST_DATABASES = 50


def complete_restore_test(_user: User, incident: Incident, part: str) -> list[Completion]:
    """The newest restore tests with this number or of a database with this name, as far as its readers may know."""
    known = RestoreTest.objects.filter(Q(incident=None) | open_or(incident, "incident__"))
    # Databases are few and tests are many: those of all others are not looked at.
    named = Database.objects.filter(name__icontains=part).values_list("pk", flat=True)
    wanted = begins_with("number", part) | Q(replica__database__in=[*named[:MOST_DATABASES]])
    found = known.filter(wanted).select_related("replica__database").order_by("-number")[:MOST]
    return [Completion(f"RT-{one.number}", str(one.replica.database), str(one.get_status_display())) for one in found]


def complete_evidence(_user: User, incident: Incident, part: str) -> list[Completion]:
    """The evidence of this incident that was not withdrawn."""
    known = Evidence.objects.filter(incident=incident, withdrawn_at=None).annotate(digits=Cast("pk", CharField()))
    found = known.filter(Q(digits__startswith=part) | Q(caption__icontains=part)).order_by("pk")[:MOST]
    return [Completion(str(one), one.caption, str(one.get_kind_display())) for one in found]
