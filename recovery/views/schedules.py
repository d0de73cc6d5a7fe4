"""When a database is tested, and what it is watched by."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from lib.forms import carry_out
from recovery.access import get_administered_database
from recovery.models import Database
from recovery.queries import is_tested_here
from recovery.schedule_forms import ScheduleForm, ThresholdForm
from recovery.services.schedules import next_run, read_cron, schedule_in_words, set_schedule
from recovery.services.thresholds import set_thresholds


@require_http_methods(["GET", "POST"])
def edit(request: Request, name: str) -> HttpResponse:
    """Change when restore tests come round, and what they restore to."""
    database = get_administered_database(request.user, name)
    form = _schedule_form(database, request)
    if carry_out(form, partial(set_schedule, database, now=timezone.now())):
        messages.success(request, _("Saved. The next run goes by it."))
        return redirect("recovery:schedule_edit", database.name)
    return _page(request, database, schedule_form=form)


@require_POST
def threshold_edit(request: Request, name: str) -> HttpResponse:
    """Change what begins an alarm."""
    database = get_administered_database(request.user, name)
    form = ThresholdForm(request.POST)
    if carry_out(form, partial(set_thresholds, database)):
        messages.success(request, _("Saved. The watch goes by it from the next minute on."))
        return redirect("recovery:schedule_edit", database.name)
    return _page(request, database, threshold_form=form)


def _schedule_form(database: Database, request: Request | None = None) -> ScheduleForm:
    cron, zone = read_cron(database)
    initial = {
        "cron": cron,
        "timezone": zone,
        "sampled_points": database.sampled_points,
        "is_enabled": database.schedule is None or database.schedule.enabled,
    }
    return ScheduleForm((request and request.POST) or None, initial=initial)


def _threshold_form(database: Database) -> ThresholdForm:
    names = ("proof_objective_days", "lag_alert_seconds", "watched_path", "disk_alert_percent")
    return ThresholdForm(initial={name: getattr(database, name) for name in names})


def _page(
    request: Request,
    database: Database,
    *,
    schedule_form: ScheduleForm | None = None,
    threshold_form: ThresholdForm | None = None,
) -> HttpResponse:
    bound = schedule_form if threshold_form is None else threshold_form
    context = {
        "database": database,
        "schedule_form": schedule_form or _schedule_form(database),
        "threshold_form": threshold_form or _threshold_form(database),
        "is_schedulable": is_tested_here(database),
        "schedule": schedule_in_words(database),
        "next_at": next_run(database, timezone.now()),
    }
    status = 422 if bound is not None and bound.is_bound else 200
    return render(request, "recovery/schedule/edit.html", context, status=status)
