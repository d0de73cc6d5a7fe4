"""Files that people attached, sent out so that a browser runs and loads nothing of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response

from lib.file_kinds import FileKind

# Whatever a browser makes of a file, it runs nothing and loads nothing.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class SentFile:
    """What is sent: its digest, the name it is saved under, its kind (None: bytes), and whether a browser shows it."""

    sha256: str
    name: str
    kind: FileKind | None
    is_shown: bool


def answer_with_file(
    request: HttpRequest, sent: SentFile, open_file: Callable[[], BinaryIO]
) -> HttpResponse | FileResponse:
    """The file, or 304 where the browser has it; whatever `open_file` raises is raised again."""
    etag = f'"{sent.sha256}"'
    # Asked again each time, so that nobody who has signed out sees it; what has not changed is not sent again.
    headers = {"Cache-Control": "private, no-cache", "ETag": etag, "Content-Security-Policy": POLICY}
    if isinstance(get_conditional_response(request, etag=etag), HttpResponseNotModified):
        return HttpResponseNotModified(headers=headers)
    media_type = sent.kind.media_type if sent.kind else "application/octet-stream"
    return FileResponse(
        open_file(),
        as_attachment=not sent.is_shown,
        filename=sent.name,
        content_type=f"{media_type}; charset=utf-8" if sent.is_shown and media_type == "text/plain" else media_type,
        headers=headers | {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"},
    )
