"""What a document may load: nothing."""

import logging
from typing import NoReturn

from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

logger = logging.getLogger(__name__)


class ClosedNetwork(URLFetcher):  # type: ignore[misc]
    """Refuses every address, `file:` and `data:` too, and logs it; WeasyPrint then renders without the resource.

    Fonts come from Fontconfig and pictures are inline SVG, so a document needs no address at all.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """A response that cannot be read."""
        logger.warning("A document asked for %r, which was refused", _name(url))
        return URLFetcherResponse(url, _Refusal())


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
