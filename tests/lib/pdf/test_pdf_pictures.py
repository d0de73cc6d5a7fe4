"""Pictures that this installation keeps, in a PDF."""

import hashlib
import logging
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.pdf.engine import render_pdf
from tests.uploads import HTML, picture


@pytest.fixture
def make(html: Callable[..., str], fonts: Path, cache: Path) -> Callable[..., bytes]:
    def render(body: str, *folders: Path) -> bytes:
        return render_pdf(html(body), fonts=fonts, cache=cache, pictures=folders)

    return render


def keep(folder: Path, content: bytes, digest: str = "") -> str:
    digest = digest or hashlib.sha256(content).hexdigest()
    path = folder / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return digest


def pictures_in(document: bytes) -> list[list[str]]:
    """Kind, width and height of each, by poppler."""
    listed = subprocess.run(["pdfimages", "-list", "-"], input=document, capture_output=True, check=True).stdout
    return [line.split()[2:5] for line in listed.decode().splitlines()[2:]]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_kept_picture_is_in_the_document(make: Callable[..., bytes], tmp_path: Path, kind: str) -> None:
    other, folder = tmp_path / "other", tmp_path / "kept"
    digest = keep(folder, picture(kind))
    document = make(f'<p><img src="kept-picture:{digest}" alt="A graph"></p>', other, folder)
    assert pictures_in(document) == [["image", "40", "20"]]
    assert make(f'<p><img src="kept-picture:{digest}" alt="A graph"></p>', other, folder) == document


def test_a_large_one_keeps_what_paper_can_show(make: Callable[..., bytes], tmp_path: Path) -> None:
    digest = keep(tmp_path, picture("JPEG", (4000, 2000)))
    document = make(f'<p><img src="kept-picture:{digest}" alt="A graph" style="max-width: 100%"></p>', tmp_path)
    ((_kind, width, _height),) = pictures_in(document)
    assert 600 < int(width) < 1200


@pytest.mark.parametrize(
    "address", ["kept-picture:{}x", "kept-picture:../{}", "kept-picture:" + "0" * 64, "KEPT-PICTURE:{}/", "{}"]
)
def test_nothing_else_is_read(
    make: Callable[..., bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    digest = keep(tmp_path, picture())
    document = make(f'<p>here</p><img src="{address.format(digest)}" alt="x">', tmp_path)
    assert pictures_in(document) == []
    assert [record.levelno for record in caplog.records if record.name == "lib.pdf.network"] == [logging.WARNING]


@pytest.mark.parametrize("content", [picture() + b"more", HTML, b""])
def test_a_file_of_another_content_is_not_shown(
    make: Callable[..., bytes], tmp_path: Path, text: Callable[[bytes], str], content: bytes
) -> None:
    digest = keep(tmp_path, content, hashlib.sha256(picture()).hexdigest())
    document = make(f'<p>here</p><p><img src="kept-picture:{digest}" alt="The graph"></p>', tmp_path)
    assert pictures_in(document) == []
    assert "The graph" in text(document)
