"""What a document may load: pictures that this installation keeps, by their SHA-256, and nothing else."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from lib.pdf.kept_pictures import KEPT_ADDRESS
from lib.picture_metadata import without_metadata

logger = logging.getLogger(__name__)


class ClosedNetwork(URLFetcher):  # type: ignore[misc]
    """Refuses every address, `file:` and `data:` too, and logs it; WeasyPrint then renders without the resource.

    Fonts come from Fontconfig and charts are inline SVG. Only `kept-picture:` is answered, with a file of `folders`
    that has just the content its name says, without its metadata.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        super().__init__(allowed_protocols=())
        self._folders = folders

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The picture, or a response that cannot be read."""
        content = self._read_kept(url)
        if content is not None:
            return URLFetcherResponse(url, content, {"Content-Type": "application/octet-stream"})
        logger.warning("A document asked for %r, which was refused", _name(url))
        return URLFetcherResponse(url, _Refusal())

    def _read_kept(self, url: str) -> bytes | None:
        found = KEPT_ADDRESS.fullmatch(url)
        if found is None:
            return None
        for folder in self._folders:
            path = folder / found[1][:2] / found[1]
            content = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(content).hexdigest() == found[1]:
                return without_metadata(content)
        return None


class _Refusal:
    """Fails on reading rather than on opening: an @color-profile that cannot be opened would end the whole render."""

    def read(self, *_: object) -> NoReturn:
        raise URLFetchingError("documents load nothing")

    def close(self) -> None:
        pass


def _name(url: str) -> str:
    # What follows the comma of a data: address is content, which does not belong in a log.
    name = url.partition(",")[0] if url[:5].lower() == "data:" else url
    return name[:200]
