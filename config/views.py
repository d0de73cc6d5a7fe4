"""What a person sees when a request never reached its page."""

import sys

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from config.middleware import explain, is_storage_trouble
from lib.http import not_saved


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read; where the cause is known, the sentence names it."""
    if isinstance(exception, DisallowedHost):
        reason = _(
            "Debrief does not answer under this address. Add its name to DEBRIEF_ALLOWED_HOSTS, and start again."
        )
    elif isinstance(exception, RequestDataTooBig):
        reason = _("This was larger than 12 MB. Go back: what you typed is still in the form. Send less of it at once.")
    else:
        reason = _("This request could not be read. Go back: what you typed is still in the form.")
    # What could not be read is not read again.
    request.POST = QueryDict()
    return not_saved(request, reason, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """A form from before the last sign-in, or from another site."""
    sentence = _(
        "This form was opened before you last signed in. Copy what you typed, open the page again and send it."
    )
    return not_saved(request, sentence, status=403)


def trouble(request: HttpRequest) -> HttpResponse:
    """An error outside the pages: the database cannot be reached, or a bug."""
    error = sys.exc_info()[1]
    if is_storage_trouble(error):
        return not_saved(request, explain(str(error)), status=503)
    return server_error(request)
