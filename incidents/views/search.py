"""Finding incidents by words, and going straight to what has a number or a name."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.request import Request
from incidents.queries.destinations import resolve
from incidents.queries.search import search
from incidents.search.kinds import Kind
from lib.search_words import MAX_LENGTH, clean


@require_safe
def list(request: Request) -> HttpResponse:
    """What was found, the best first; a reference alone leads to what it names."""
    typed = clean(request.GET.get("q", ""))
    if destination := resolve(request.user, typed):
        return redirect(destination.address)
    kind = next((kind for kind in Kind if kind == request.GET.get("kind")), None)
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 5 else 1
    found = search(request.user, typed, kind=kind, page=page)
    context = {
        "typed": typed,
        "search": found,
        "kind": kind,
        "longest": MAX_LENGTH,
        "here": urlencode({"q": typed}),
        "query": urlencode({"q": typed} | ({"kind": kind} if kind else {})) + "&",
    }
    return render(request, "incidents/search/list.html", context)
