"""Answers that serve a plain browser and htmx alike."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRedirect

# Nobody types the first three, and nobody should read the rest.
UNSHOWN_FIELDS = {
    *("csrfmiddlewaretoken", "seen", "version"),
    *("password", "password1", "password2", "oldpassword", "pasted_secret", "secret"),
}


def is_fragment_wanted(request: HttpRequest) -> bool:
    """True where htmx asked for a piece of a page."""
    return bool(getattr(request, "htmx", False))


def page_or_fragment(
    request: HttpRequest, page: str, fragment: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The fragment for htmx, for everyone else the whole page, which includes the fragment."""
    template = fragment if is_fragment_wanted(request) else page
    return render(request, template, {**context, "fragment": fragment}, status=status)


def saved(request: HttpRequest, template: str | None, context: dict[str, Any], *, otherwise: Any) -> HttpResponse:
    """For htmx the fragments that changed (`template` None: too many, the page is loaded anew); else a redirect.

    `otherwise` is where the redirect leads: a model, a URL or a route's name.
    """
    if not is_fragment_wanted(request):
        return redirect(otherwise)
    if template is None:
        return HttpResponseClientRedirect(resolve_url(otherwise))
    return render(request, template, {**context, "is_saved": True})


def not_saved(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    """A page that says why nothing was saved and shows what was typed, so that it can be copied.

    It is rendered without the request: neither the person nor a session may be known, and neither is asked for.
    """
    typed = [(name, text) for name, text in request.POST.items() if text and _is_shown(name)]
    return HttpResponse(render_to_string("not_saved.html", {"reason": reason, "typed": typed}), status=status)


def _is_shown(name: str) -> bool:
    # Fields of replicas are named after their kind's options: secret-access-key-id. A secret may have been typed there.
    return name not in UNSHOWN_FIELDS and not name.startswith("secret-")
