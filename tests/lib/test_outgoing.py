"""Requests to addresses that people give, against real servers of this machine."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from lib import outgoing
from lib.outgoing import OutgoingFailed, OutgoingRefused, is_public, post_json
from tests.lib.certificates import make_certificate
from tests.servers import WebService, stubborn_server, web_service

PRIVATE = "private network or to this machine"


@pytest.fixture
def service() -> Iterator[WebService]:
    with web_service() as found:
        yield found


@pytest.fixture
def opened(settings: Settings) -> None:
    settings.OUTGOING_PRIVATE = True


def port_of(service: WebService) -> str:
    return service.url.rpartition(":")[2]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
        *("2002:7f00:1::1", "2002:a00:1::", "::127.0.0.1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "172.32.0.1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::",
    ],
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "LOCALHOST", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::]", "169.254.169.254", "10.0.0.1", "[fd00::1]", "[fe80::1]"),
    ],
)
def test_a_private_host_is_not_asked_however_it_is_spelled(service: WebService, host: str) -> None:
    with pytest.raises(OutgoingRefused, match=PRIVATE):
        post_json(f"http://{host}:{port_of(service)}/hook", {}, seconds=2)
    assert service.requests == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/x", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("gopher://127.0.0.1/", "must begin with https"),
        ("//example.org/x", "must begin with https"),
        ("hooks.example.org/x", "must begin with https"),
        ("http://user@example.org/", "no user name or password"),
        ("http://example.org:pass@127.0.0.1/", "no user name or password"),
        ("http:///x", "names no host"),
        ("http://example.org:0/", "names no host"),
        ("http://example.org:99999/", "cannot be read"),
        ("http://[::1/", "cannot be read"),
        ("http://example.org/a b", "characters"),
        ("http://example.org/\r\nX-Y: z", "characters"),
        ("http://exämple.org/", "characters"),
        (f"http://{'a' * 70}.example.org/", "names no host"),
    ],
)
def test_what_is_no_address_for_a_request_is_refused(opened: None, url: str, words: str) -> None:
    with pytest.raises(OutgoingRefused, match=words) as caught:
        post_json(url, {}, seconds=2)
    assert "example" not in str(caught.value)


def resolve_as(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The resolver gives these addresses, one list a question; the questions are noted."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_rest: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]])
def test_a_name_that_leads_to_a_private_address_is_refused(
    service: WebService, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    resolve_as(monkeypatch, addresses)
    with pytest.raises(OutgoingRefused, match=PRIVATE):
        post_json(f"http://hooks.example.org:{port_of(service)}/", {}, seconds=2)
    assert service.requests == []


def test_a_name_that_changes_its_mind_reaches_the_address_that_was_checked(
    service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it is checked, this machine when it is asked for again."""
    with web_service("127.0.0.2") as checked:
        monkeypatch.setattr(outgoing, "is_public", lambda address: str(address) == "127.0.0.2")
        asked = resolve_as(monkeypatch, ["127.0.0.2"], ["127.0.0.1"])
        post_json(f"http://hooks.example.org:{port_of(checked)}/x", {"a": 1}, seconds=5)
    assert asked == ["hooks.example.org"]
    assert [path for path, _headers, _body in checked.requests] == ["/x"]
    assert checked.requests[0][1]["Host"] == f"hooks.example.org:{port_of(checked)}"
    assert service.requests == []


def test_the_next_address_is_tried_where_one_does_not_answer(
    opened: None, service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_as(monkeypatch, ["127.0.0.3", "127.0.0.1"])
    assert post_json(f"http://hooks.example.org:{port_of(service)}/", {}).status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_answers_and_not_followed(opened: None, service: WebService, status: int) -> None:
    with web_service() as secret:
        service.says(status, Location=f"{secret.url}/inside")
        assert post_json(service.url, {}).status == status
        assert secret.requests == []
    assert len(service.requests) == 1


def test_what_is_sent_and_what_comes_back(opened: None, service: WebService) -> None:
    service.says(429, "slow down", Retry_After="7")
    answer = post_json(f"{service.url}/a/b?c=d#e", {"text": "กู้คืน"})
    assert (answer.status, answer.text, answer.retry_after) == (429, "slow down", 7)
    path, headers, body = service.requests[0]
    assert (path, body, headers["Content-Type"]) == ("/a/b?c=d", {"text": "กู้คืน"}, "application/json")


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("0", 0, 0), ("120", 120, 120), ("soon", None, None), ("-5", None, None), ("9" * 400, 1e11, 1e12)],
)
def test_retry_after_as_a_number(
    opened: None, service: WebService, text: str, least: float | None, most: float | None
) -> None:
    service.says(503, Retry_After=text)
    after = post_json(service.url, {}).retry_after
    assert after is None if least is None or most is None else after is not None and least <= after <= most


def test_retry_after_as_a_date(opened: None, service: WebService) -> None:
    service.says(503, Retry_After=format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True))
    assert 3500 < (post_json(service.url, {}).retry_after or 0) <= 3600
    service.says(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")
    assert post_json(service.url, {}).retry_after == 0
    service.says(503, Retry_After="Mon, 01 Jan 2024 00:00:00 +99999999999999999999")
    assert post_json(service.url, {}).retry_after is None


def test_only_the_beginning_of_a_long_answer_is_read(opened: None, service: WebService) -> None:
    service.says(200, "x" * 1_000_000)
    assert len(post_json(service.url, {}).text) == outgoing.LARGEST_ANSWER_BYTES


@pytest.mark.parametrize(
    ("said", "repeat"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"a"),
    ],
    ids=["silence", "headers", "body", "measured body"],
)
def test_an_answer_that_drips_is_cut_off(opened: None, said: bytes, repeat: bytes) -> None:
    with stubborn_server(said, repeat=repeat) as port:
        begun = time.monotonic()
        with pytest.raises(OutgoingFailed, match=r"within 0\.5 seconds"):
            post_json(f"http://127.0.0.1:{port}/", {}, seconds=0.5)
        # A limit that begins anew with each byte would never end; this is far from any slowness of a machine.
        assert time.monotonic() - begun < 20


def test_a_server_that_does_not_speak_tls_in_time_is_cut_off(opened: None) -> None:
    with stubborn_server(b"\x16\x03\x03\x40\x00", repeat=b"\x00") as port, pytest.raises(OutgoingFailed):
        post_json(f"https://127.0.0.1:{port}/", {}, seconds=0.5)


def test_nobody_there_and_no_http(opened: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(OutgoingFailed, match="Connection refused"):
        post_json(f"http://127.0.0.1:{port}/", {})
    with stubborn_server(b"220 smtp.example.org\r\n") as port, pytest.raises(OutgoingFailed, match="no answer in HTTP"):
        post_json(f"http://127.0.0.1:{port}/", {})


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(OutgoingFailed, match="name cannot be resolved") as caught:
        post_json("https://hooks.invalid/secret", {})
    assert "hooks" not in str(caught.value)


@pytest.mark.parametrize(
    ("certified", "is_known", "words"),
    [
        ("hooks.example.org", True, ""),
        ("hooks.example.org", False, "certificate"),
        ("other.example.org", True, "certificate"),
    ],
)
def test_the_certificate_must_be_of_the_host_that_was_named(
    opened: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, certified: str, is_known: bool, words: str
) -> None:
    made = make_certificate(tmp_path, certified)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
    resolve_as(monkeypatch, ["127.0.0.1"])
    with web_service(tls=context) as service:
        url = f"https://hooks.example.org:{port_of(service)}/x"
        if words:
            with pytest.raises(OutgoingFailed, match=words):
                post_json(url, {})
        else:
            assert post_json(url, {}).status == 200
    assert len(service.requests) == (0 if words else 1)
