"""Taking away what proves a restore test: its signed record, and the key to verify it with."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.request import Request
from recovery.access import get_visible_record
from recovery.attestation.attachments import KEY_NAME, envelope_name
from recovery.attestation.keys import UNREADABLE, PublicKey, public_key


@require_safe
def envelope(request: Request, number: int) -> HttpResponse:
    """The test's envelope, byte for byte as it was signed."""
    record = get_visible_record(request.user, number)
    return _download(record.envelope, envelope_name(record.restore_test), "application/json")


@require_safe
def key(request: Request) -> HttpResponse:  # noqa: ARG001  # everybody who is signed in may have it
    """The public key that records are signed with; there is none before the first record."""
    found = _find_key()
    if found is None:
        raise Http404
    return _download(found.pem, KEY_NAME, "application/x-pem-file")


def _find_key() -> PublicKey | None:
    try:
        return public_key()
    except UNREADABLE:
        # The web server may be kept from the private key; the log of whoever signs says more.
        return None


def _download(content: str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
