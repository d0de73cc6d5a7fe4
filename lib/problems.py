"""Errors as machines read them: problem details (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 (an answer, named as the standard names it)
    """A request that is answered with an error.

    `detail` is a sentence: what happened and what to do. `errors` name the places in the request that are wrong, each
    with a `pointer` (RFC 6901 in the body, or a parameter's name) and a `detail`.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.errors = status, detail, dict(headers or {}), list(errors)


def problem_response(problem: Problem) -> HttpResponse:
    """The problem as the answer to a request."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        content["errors"] = problem.errors
    return HttpResponse(
        json.dumps(content, ensure_ascii=False),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers=problem.headers,
    )
