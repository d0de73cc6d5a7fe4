"""The real engine on the vendored fonts, and poppler to read what it made."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.pdf.engine import render_pdf

DATES = '<meta name="dcterms.created" content="2026-11-22T09:00:00Z">'


@pytest.fixture(scope="session")
def fonts() -> Path:
    return Path(__file__).parents[3] / "static" / "fonts"


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pdf-cache")


@pytest.fixture(scope="session")
def html() -> Callable[..., str]:
    def wrap(body: str, *, style: str = "", head: str = "") -> str:
        style = f'@page {{ size: A5; margin: 15mm }} body {{ font: 11pt "IBM Plex Sans Thai" }} {style}'
        return (
            f'<!doctype html><html lang="th"><head><title>Report</title>{DATES}{head}<style>{style}</style></head>'
            f"<body>{body}</body></html>"
        )

    return wrap


@pytest.fixture(scope="session")
def pdf(html: Callable[..., str], fonts: Path, cache: Path) -> Callable[..., bytes]:
    def make(body: str, *, style: str = "", head: str = "") -> bytes:
        return render_pdf(html(body, style=style, head=head), fonts=fonts, cache=cache)

    return make


@pytest.fixture(scope="session")
def text() -> Callable[[bytes], str]:
    """The text a reader of the document would find, by poppler."""

    def read(document: bytes) -> str:
        return subprocess.run(["pdftotext", "-", "-"], input=document, capture_output=True, check=True).stdout.decode()

    return read
