"""The methods of backing up, compared by what they claim and by what they measured here."""

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.request import Request
from recovery.models import Replica, RestoreTest
from recovery.queries import compare_methods
from recovery.queries.comparison import MethodFigures, has_demonstration

Method, Origin = Replica.Method, RestoreTest.Origin


@dataclass(frozen=True)
class Claim:
    """What is said of a method before anybody has measured, and when to choose it."""

    rpo: Promise
    rto: Promise
    complexity: Promise
    cost: Promise
    choose: Promise


CLAIMS = {
    Method.LITESTREAM: Claim(
        _("~1 second"),
        _("~10 seconds"),
        _("low"),
        _("very low"),
        _("For a SQLite database that may lose next to nothing. It needs one process beside the application."),
    ),
    Method.SQLITE_BACKUP: Claim(
        _("hours"),
        _("minutes"),
        _("low"),
        _("low"),
        _("For SQLite data that changes little, or as a second copy in one plain file. It loses what came after it."),
    ),
    Method.FILE_COPY: Claim(
        _("hours"),
        _("minutes"),
        _("low"),
        _("low"),
        _("Only while nothing writes. A copy of a busy database can be torn, and without its -wal it lacks rows."),
    ),
    Method.POSTGRESQL_STREAMING: Claim(
        _("~1 second"),
        _("~30 seconds"),
        _("high"),
        _("high"),
        _("For many writers at once, or where a standby must take over. It needs a second server to look after."),
    ),
}


@dataclass(frozen=True)
class Measured:
    """The figures of one origin, and where the tests behind them are listed."""

    figures: MethodFigures
    address: str
    origin: str


@dataclass(frozen=True)
class Comparison:
    """One method: what it claims and what it measured."""

    label: str
    claim: Claim
    measured: tuple[Measured, ...]

    @property
    def rowspan(self) -> int:
        """How many rows the method takes: the claim, and at least one about what was measured."""
        return 1 + max(len(self.measured), 1)


@require_safe
def list(request: Request) -> HttpResponse:
    """The guide's table of methods, with the figures of this installation beside it."""
    with_demonstration = request.GET.get("demonstration") == "yes"
    figures = compare_methods(with_demonstration=with_demonstration)
    context = {
        "methods": [_compare(method, claim, figures[method]) for method, claim in CLAIMS.items()],
        "with_demonstration": with_demonstration,
        "has_demonstration": has_demonstration(),
    }
    return render(request, "recovery/method/list.html", context)


def _compare(method: Replica.Method, claim: Claim, figures: dict[str, MethodFigures]) -> Comparison:
    # Measured here comes first.
    known = [(origin, figures[origin]) for origin in Origin.values if origin in figures]
    found = [Measured(one, _address(one), origin) for origin, one in known]
    return Comparison(str(method.label), claim, tuple(found))


def _address(figures: MethodFigures) -> str:
    query = QueryDict(mutable=True)
    query.update(figures.tests.parameters())
    return f"{reverse('recovery:restore_test_list')}?{query.urlencode()}"
