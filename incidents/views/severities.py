"""The severity levels: what each means and asks for."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import Request
from incidents.access import get_editable_severity
from incidents.forms.records import SeverityLevelForm
from incidents.queries.services import list_severities
from incidents.services.severities import change_severity_level, severity_values
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """The five levels, for everyone."""
    return render(request, "incidents/severity/list.html", {"severities": list_severities()})


@require_http_methods(["GET", "POST"])
def edit(request: Request, level: int) -> HttpResponse:
    """Rename and define a level; for administrators."""
    severity = get_editable_severity(request.user, level)
    form = SeverityLevelForm(request.POST or None, record=severity_values(severity))
    if changed := carry_out(form, partial(change_severity_level, severity)):
        messages.success(request, _("Saved."))
        return redirect(changed)
    context = {"form": form, "severity": severity}
    return render(request, "incidents/severity/edit.html", context, status=422 if form.is_bound else 200)
