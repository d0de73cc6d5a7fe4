"""The REST API: its routers, its documentation as OpenAPI, and every error as a problem (RFC 9457)."""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from accounts.api import REALM
from config.middleware import explain, is_storage_trouble
from incidents.api.events import router as events
from incidents.api.incidents import router as incidents
from lib.errors import DomainError
from lib.problems import CONTENT_TYPE, Problem, problem_response
from recovery.api.databases import router as databases
from recovery.api.restore_tests import router as restore_tests

logger = logging.getLogger(__name__)
PREFIX = "/api/v1/"
LARGEST_BODY = 1024 * 1024


class JsonParser(Parser):
    """Bodies of JSON, no larger than 1 MB, without what only Python takes for numbers."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says; Problem 413 or 415 for one that is not read, ValueError where it is not JSON."""
        if request.content_type != "application/json":
            raise Problem(415, _("Send JSON, with the header “Content-Type: application/json”."))
        if len(request.body) > LARGEST_BODY:
            raise Problem(413, _("The body is larger than 1 MB. Send less."))
        return json.loads(request.body, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


api = NinjaAPI(
    title="Debrief",
    version="1",
    description="Incidents, and restore tests of databases. Every error is a problem document (RFC 9457).",
    # The page for trying it out would load scripts from elsewhere.
    docs_url=None,
    openapi_url="",
    urls_namespace="api",
    parser=JsonParser(),
)
api.add_router("restore-tests/", restore_tests)
api.add_router("databases/", databases)
api.add_router("incidents/", incidents)
api.add_router("incidents/", events)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:  # noqa: ARG001
    return problem_response(error)


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
    detail = _("Send a token in the header “Authorization: Bearer …”. An administrator makes one on the page Tokens.")
    return problem_response(Problem(401, detail, headers={"WWW-Authenticate": REALM}))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
    # What the parser refuses is wrapped once more on the way here.
    if isinstance(error.__cause__, Problem):
        return problem_response(error.__cause__)
    return problem_response(Problem(error.status_code, _("The body is not JSON that can be read. Check it.")))


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001
    return problem_response(Problem(413, _("The body is larger than 1 MB. Send less.")))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
    errors = [{"pointer": _pointer(item["loc"]), "detail": str(item["msg"])} for item in error.errors[:50]]
    named = "; ".join(f"{item['pointer']}: {item['detail']}" for item in errors[:3])
    return problem_response(
        Problem(422, _("The request is not as described: %(errors)s") % {"errors": named}, errors=errors)
    )


def _pointer(location: tuple[Any, ...]) -> str:
    """`/checks/0/name` in the body, or the name of a parameter."""
    source, *rest = location
    # The first is the name of the function's argument, which nobody sent.
    return (
        "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in rest[1:])
        if (source == "body")
        else str(rest[-1] if rest else source)
    )


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:  # noqa: ARG001
    errors = [{"pointer": f"/{error.field}", "detail": str(error)}] if error.field else []
    return problem_response(Problem(422, str(error), errors=errors))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
    return problem_response(Problem(404, _("There is nothing here under this name or number. Check the address.")))


@api.exception_handler(InternalError)
@api.exception_handler(OperationalError)
def _storage_trouble(request: HttpRequest, error: InternalError | OperationalError) -> HttpResponse:
    if not is_storage_trouble(error):
        return _bug(request, error)
    logger.error("database error at %s: %s", request.path, error)
    return problem_response(Problem(503, explain(str(error)), headers={"Retry-After": "10"}))


@api.exception_handler(Exception)
def _bug(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("error at %s", request.path, exc_info=error)
    return problem_response(Problem(500, _("An error in Debrief; its log says more. Send the request again later.")))


def _open(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view without sign-in page and session, since tokens are asked for; a wrong method is a problem as well."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            detail = _("This address takes %(methods)s only.") % {"methods": allowed}
            return problem_response(Problem(405, detail, headers={"Allow": allowed}))
        return response

    return csrf_exempt(login_not_required(answer))


def openapi(request: HttpRequest) -> HttpResponse:
    """What the API can do, for programs that write clients. It holds no data, so no token is asked for."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    schema = api.get_openapi_schema(path_prefix=PREFIX)
    for operation in (operation for methods in schema["paths"].values() for operation in methods.values()):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                response["content"] = {CONTENT_TYPE: response.pop("content")["application/json"]}
    return JsonResponse(schema)


def elsewhere(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Every other address under the API: one without its slash at the end is answered all the same, the rest is 404."""
    for route in _routes():
        if match := route.pattern.match(f"{rest}/"):
            response: HttpResponseBase = route.callback(request, *match[1], **match[2])
            return response
    detail = _("There is no such address in this API; %(prefix)sopenapi.json lists them.") % {"prefix": PREFIX}
    return problem_response(Problem(404, detail))


def _routes() -> list[URLPattern]:
    """One pattern for each address; ninja has one for each method, and all of them lead to the same view."""
    known = {str(route.pattern): route for route in api.urls[0] if isinstance(route, URLPattern)}
    # What it has at the root only says where its own pages of documentation would be.
    known.pop("", None)
    return [
        URLPattern(route.pattern, _open(route.callback), route.default_args, route.name) for route in known.values()
    ]


app_name = "api"
urlpatterns = [
    path("openapi.json", _open(openapi), name="openapi"),
    *_routes(),
    path("<path:rest>", _open(elsewhere), name="elsewhere"),
]
