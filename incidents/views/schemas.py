"""What the files that programs read look like."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from incidents.documents.tree_schema import make_schema


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def detail(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everyone
    """The JSON Schema of an exported post-mortem; it tells of no record, and programs read it without signing in."""
    text = json.dumps(make_schema(), indent=2, ensure_ascii=False)
    return HttpResponse(text, content_type="application/schema+json; charset=utf-8")
