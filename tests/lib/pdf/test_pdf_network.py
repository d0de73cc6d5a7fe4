import logging
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from socket import create_server, socket

import pytest

SECRET = "the secret that must stay out"
# How an HTML document, its style and its SVG can each ask for an address.
TRICKS = {
    "image": '<img src="{address}" alt="x">',
    "object": '<object data="{address}">x</object>',
    "embed": '<embed src="{address}">',
    "attachment link": '<a rel="attachment" href="{address}">x</a>',
    "style": '<div style="background: url({address}); width: 9px; height: 9px"></div>',
    "content": "<style>p::before {{ content: url({address}) }}</style>",
    "import": "<style>@import url({address});</style>",
    "font": "<style>@font-face {{ font-family: f; src: url({address}) }} p {{ font-family: f }}</style>",
    "stylesheet": '<link rel="stylesheet" href="{address}">',
    "attachment": '<link rel="attachment" href="{address}">',
    "colour profile": "<style>@color-profile --p {{ src: url({address}) }}</style>",
    "list bullet": '<ul><li style="list-style-image: url({address})">x</li></ul>',
    "svg image": '<svg width="9" height="9"><title>x</title><image href="{address}" width="9" height="9"/></svg>',
    "svg use": '<svg width="9" height="9"><title>x</title><use href="{address}#a"/></svg>',
    "base": '<base href="{address}"><img src="x.png" alt="x">',
}


@pytest.fixture
def listener() -> Iterator[socket]:
    with closing(create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0)
        yield server


@pytest.mark.parametrize("trick", TRICKS)
def test_an_address_on_the_network_is_never_asked(
    pdf: Callable[..., bytes], text: Callable[[bytes], str], listener: socket, trick: str
):
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/picture.png"
    assert "still here" in text(pdf(TRICKS[trick].format(address=address) + "<p>still here</p>"))
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("trick", TRICKS)
def test_a_file_of_the_server_never_gets_into_the_document(
    pdf: Callable[..., bytes], text: Callable[[bytes], str], tmp_path: Path, trick: str
):
    file = tmp_path / "secret.svg"
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="9">{SECRET}</text></svg>')
    document = pdf(TRICKS[trick].format(address=file.as_uri()) + "<p>still here</p>")
    assert SECRET not in text(document)
    assert "still here" in text(document)
    assert SECRET.encode() not in unpacked(document, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "ftp://127.0.0.1/a.png",
        "file:///etc/passwd",
        "https://document.invalid/fonts/../../etc/passwd",
        "../../../../etc/passwd",
        "//127.0.0.1/a.png",
    ],
)
def test_a_refused_address_is_logged_by_name(pdf: Callable[..., bytes], caplog: pytest.LogCaptureFixture, address: str):
    pdf(f'<p>x</p><img src="{address}" alt="x">')
    (record,) = (record for record in caplog.records if record.name == "lib.pdf.network")
    assert record.levelno == logging.WARNING
    assert address.rpartition("/")[2] in record.getMessage()


def test_a_font_installed_on_the_host_is_refused_by_name_too(pdf: Callable[..., bytes], tmp_path: Path):
    style = "@font-face { font-family: mine; src: local('DejaVu Sans') } p { font-family: mine }"
    document = unpacked(pdf("<p>x</p>", style=style), tmp_path)
    assert b"IBM-Plex-Sans-Thai" in document
    assert b"DejaVu" not in document


def test_the_content_of_a_data_address_stays_out_of_the_log(
    pdf: Callable[..., bytes], caplog: pytest.LogCaptureFixture
):
    pdf('<img src="data:image/png;base64,c2VjcmV0" alt="x">')
    messages = [record.getMessage() for record in caplog.records if record.name == "lib.pdf.network"]
    assert messages == ["A document asked for 'data:image/png;base64', which was refused"]


def unpacked(document: bytes, folder: Path) -> bytes:
    """The whole file with nothing compressed, attachments included."""
    packed = folder / "packed.pdf"
    packed.write_bytes(document)
    command = ["qpdf", "--qdf", "--object-streams=disable", str(packed), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout
