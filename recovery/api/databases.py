"""Databases, as programs read them."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Router

from accounts.api import ScopedToken
from accounts.models import Scope
from lib.api_fields import PlainText, ProblemOut
from recovery.api.schemas import DatabaseList, DatabaseOut
from recovery.queries.proof import list_proven
from recovery.report import database_as_json

router = Router(tags=["databases"], auth=ScopedToken(Scope.READ_RESTORE_TESTS))
REFUSALS = {401: ProblemOut, 403: ProblemOut}


@router.get("", response={200: DatabaseList, **REFUSALS}, url_name="database_list")
def list(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """Every database by name, with objectives, replicas and the newest proof that it can be restored."""
    found = list_proven()
    return {"results": [database_as_json(database, proof) for database, proof in found]}


@router.get(
    "{str:name}/", response={200: DatabaseOut, **dict.fromkeys((404, 422), ProblemOut), **REFUSALS}, url_name="database"
)
def detail(request: HttpRequest, name: Path[PlainText]) -> dict[str, Any]:  # noqa: ARG001
    """One database."""
    found = list_proven(name)
    if not found:
        raise Http404(name)
    return database_as_json(*found[0])
