"""The team's own rules of blameless wording."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check_writer
from accounts.request import Request
from incidents.access import get_editable_wording_rule
from incidents.forms.wording import WordingRuleForm
from incidents.queries.wording import find_removed_rule, list_known_rules, list_rules
from incidents.services.wording import add_rule, bring_back_rule, change_rule, remove_rule, rule_values
from lib.errors import DomainError
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """The team's rules, and those that Debrief brings."""
    context = {
        "rules": list_rules(),
        "known": list_known_rules(),
        "removed": find_removed_rule(request.user, request.GET.get("removed", "")),
    }
    return render(request, "incidents/wording/rule_list.html", context)


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Add a rule."""
    check_writer(request.user)
    form = WordingRuleForm(request.POST or None)
    if rule := carry_out(form, add_rule):
        messages.success(request, _("“%(phrase)s” is marked from now on.") % {"phrase": rule})
        return redirect("incidents:wording_rule_list")
    context = {"form": form}
    return render(request, "incidents/wording/rule_edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a rule."""
    rule = get_editable_wording_rule(request.user, pk)
    form = WordingRuleForm(request.POST or None, record=rule_values(rule))
    if carry_out(form, partial(change_rule, rule)):
        messages.success(request, _("Saved."))
        return redirect("incidents:wording_rule_list")
    context = {"form": form, "rule": rule}
    return render(request, "incidents/wording/rule_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def removal(request: Request, pk: int) -> HttpResponse:
    """Nothing is marked by the rule any more; with `undo`, it is back with what was left of it."""
    rule = get_editable_wording_rule(request.user, pk)
    here = reverse("incidents:wording_rule_list")
    if "undo" not in request.POST:
        remove_rule(rule, now=timezone.now())
        return redirect(f"{here}?removed={rule.pk}")
    try:
        bring_back_rule(rule)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(phrase)s” is marked from now on.") % {"phrase": rule})
    return redirect(here)
