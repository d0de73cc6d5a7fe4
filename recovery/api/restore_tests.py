"""Restore tests: reported by agents, read by programs."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from accounts.api import ScopedToken, acting_person
from accounts.models import Scope
from lib.api_fields import ProblemOut
from lib.problems import Problem
from recovery.access import get_visible_test
from recovery.api.schemas import ReportIn, RestoreTestOut, RestoreTestPage, TestFilter
from recovery.errors import NotRegistered, ReportTaken
from recovery.queries.history import HISTORY, HistoryFilter
from recovery.queries.proof import list_whole_tests
from recovery.report import as_json
from recovery.services.agent_report import Report
from recovery.services.reports import report_restore_test

router = Router(tags=["restore tests"])
REFUSALS = {401: ProblemOut, 403: ProblemOut, 422: ProblemOut}


@router.post(
    "",
    auth=ScopedToken(Scope.REPORT_RESTORE_TESTS),
    response={201: RestoreTestOut, 200: RestoreTestOut, **REFUSALS, **dict.fromkeys((404, 409, 413, 415), ProblemOut)},
    url_name="restore_test_list",
    # The first results have no outcome beside `passed`.
    exclude_unset=True,
)
def create(request: HttpRequest, report: ReportIn) -> Status[dict[str, Any]]:  # noqa: ARG001
    """Report what an agent found: 201 for a new test, 200 for one that was reported under this key before."""
    try:
        test, is_new = report_restore_test(Report(**report.model_dump()), now=timezone.now())
    except NotRegistered as error:
        raise Problem(404, str(error)) from error
    except ReportTaken as error:
        raise Problem(409, str(error)) from error
    return Status(201 if is_new else 200, as_json(test))


@router.get(
    "",
    auth=ScopedToken(Scope.READ_RESTORE_TESTS),
    response={200: RestoreTestPage, **REFUSALS},
    url_name="restore_test_list",
    exclude_unset=True,
)
def list(request: HttpRequest, wanted: Query[TestFilter]) -> dict[str, Any]:
    """Restore tests, newest first, 50 a page; a page after the last one is empty."""
    # Left alone, a slip of the pen would give every test.
    if unknown := sorted(set(request.GET) - set(TestFilter.model_fields)):
        detail = _("There is no such filter; there are database, replica, status and page.")
        raise Problem(422, detail, errors=[{"pointer": name[:100], "detail": detail} for name in unknown[:10]])
    known = HistoryFilter(database=wanted.database, replica=wanted.replica, status=wanted.status)
    pages = Paginator(list_whole_tests(known, acting_person(request)), HISTORY)
    number = wanted.page
    return {
        "count": pages.count,
        "page": number,
        "next": number + 1 if number < pages.num_pages else None,
        "previous": min(number - 1, pages.num_pages) if number > 1 else None,
        "results": [as_json(test) for test in pages.page(number)] if number <= pages.num_pages else [],
    }


@router.get(
    "{int:number}/",
    auth=ScopedToken(Scope.READ_RESTORE_TESTS),
    response={200: RestoreTestOut, 404: ProblemOut, **REFUSALS},
    url_name="restore_test",
    exclude_unset=True,
)
def detail(request: HttpRequest, number: int) -> dict[str, Any]:
    """One restore test, whether it is finished or not."""
    return as_json(get_visible_test(acting_person(request), number))
