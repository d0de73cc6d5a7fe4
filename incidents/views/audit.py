"""Every change of every record: of the installation, of an incident, and of one record; nobody can change them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import check_may_oversee
from accounts.models import Change
from accounts.request import Request
from incidents.access import get_audited_record, get_visible_incident
from incidents.forms.audit import ChangesForm, read_change_filter
from incidents.queries.changes import KEYS, read_changes, visible_changes, walk_changes
from incidents.views.audit_files import FILES
from lib.keyset import Place, read_place


@require_safe
def list(request: Request) -> HttpResponseBase:
    """Everything that was changed, for administrators; of restricted incidents what they see themselves."""
    check_may_oversee(request.user)
    return _answer(request, visible_changes(request.user), "incidents/audit/list.html", form=ChangesForm(request.GET))


@require_safe
def incident(request: Request, number: int) -> HttpResponseBase:
    """What was changed of an incident and everything that belongs to it."""
    found = get_visible_incident(request.user, number)
    changes = visible_changes(request.user).filter(incident_number=found.number)
    return _answer(
        request, changes, "incidents/audit/incident.html", form=ChangesForm(request.GET), more={"incident": found}
    )


@require_safe
def record(request: Request, kind: str, key: str) -> HttpResponseBase:
    """What was changed of one record."""
    audited = get_audited_record(request.user, kind, key)
    return _answer(request, audited.changes, "incidents/audit/record.html", more={"audited": audited})


def _answer(
    request: Request,
    changes: QuerySet[Change],
    template: str,
    *,
    form: ChangesForm | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """The page, or the file that `format` asks for."""
    asked: dict[str, str] = {}
    if form:
        wanted = read_change_filter(form)
        changes, asked = changes.filter(wanted.condition()), wanted.parameters()
    if write := FILES.get(request.GET.get("format", "")):
        return write(walk_changes(request.user, changes))
    place = {name: _place(request, name) for name in ("after", "before")}
    page, described = read_changes(request.user, changes, **place)
    context = {"page": page, "changes": described, "filter_form": form, "filter_part": _address_part(asked)}
    return render(request, template, context | (more or {}))


def _place(request: HttpRequest, name: str) -> Place | None:
    """Where the page begins; None, and so the newest, for what is no place."""
    try:
        return read_place(request.GET.get(name, ""), KEYS)
    except ValueError:
        return None


def _address_part(asked: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(asked)
    return f"{query.urlencode()}&" if query else ""
