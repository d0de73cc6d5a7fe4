"""What many incidents have in common."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.forms.insights import PERIODS, InsightsForm
from incidents.queries.durations import list_invalid_durations
from incidents.queries.insights import DurationFigures, Outcome, find_insights
from incidents.views.insight_charts import draw_histogram, draw_weeks

INVALID_SHOWN = 10


@require_safe
def detail(request: Request) -> HttpResponse:
    """Distributions, counts and kept promises of the incidents asked for."""
    today = localdate()
    form = InsightsForm(request.GET)
    wanted = form.read(today=today)
    insights = find_insights(request.user, wanted, today=today)
    context = {
        "form": form,
        "wanted": wanted,
        "insights": insights,
        "days": (today - (wanted.since or today)).days + 1,
        "list_part": urlencode(wanted.parameters()),
        "periods": [(days, f"{today - timedelta(days=days - 1):%Y-%m-%d}") for days in PERIODS],
        "durations": [_panel(duration) for duration in insights.durations],
        "weeks": draw_weeks(insights.by_week),
        "earlier": insights.count - sum(count for _week, count in insights.by_week),
        "counts": [
            _shares(_("By severity"), insights.by_severity),
            _shares(_("By service"), insights.by_service),
            _shares(_("By cause category"), insights.by_category),
        ],
        "promises": [
            _shares(_("Post-mortems"), _name_outcomes(insights.postmortems)),
            _shares(_("Action items"), _name_outcomes(insights.action_items)),
        ],
        "invalid": list_invalid_durations(request.user)[:INVALID_SHOWN],
    }
    return render(request, "incidents/insights/detail.html", context)


def _shares(title: str, counts: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Names with their numbers, each as a part of a hundred of the greatest."""
    most = max((count for _name, count in counts), default=0) or 1
    return {"title": title, "rows": [(name, count, round(100 * count / most, 1)) for name, count in counts]}


def _name_outcomes(outcomes: Mapping[Outcome, int]) -> list[tuple[str, int]]:
    return [(str(outcome.label), count) for outcome, count in outcomes.items()]


def _panel(duration: DurationFigures) -> dict[str, Any]:
    """What is shown of one duration: its drawing, its figures, and what was left out."""
    return {
        "key": duration.name,
        "label": duration.label,
        "figures": duration.figures,
        "chart": draw_histogram(duration),
        "left_out": [(state.label, count) for state, count in duration.left_out.items()],
    }
