"""Requests to addresses that people give: only to the public network, unless DEBRIEF_OUTGOING_PRIVATE allows others.

The name is resolved once, every address it has is checked, and the connection is made to one of those very addresses,
so that a name which means something else a moment later reaches nothing. Redirects are not followed, proxies not used.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

# Seconds for the whole exchange; the resolver has its own limit before them.
TIME_LIMIT = 10.0
# What is read of an answer; the rest is left unread.
LARGEST_ANSWER_BYTES = 64 * 1024
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# As getaddrinfo returns them: family, and where to connect to
Place = tuple[socket.AddressFamily, Any]


class OutgoingRefused(Exception):  # noqa: N818  # named for what happened
    """An address that no request is sent to. The sentence does not repeat the address: it may hold a secret."""


class OutgoingFailed(Exception):  # noqa: N818
    """Nobody answered, or not in time, or not in HTTP. The sentence does not repeat the address."""


@dataclass(frozen=True)
class Answer:
    """What came back. `text` is the beginning of the body; `retry_after` is in seconds, None where nothing was said."""

    status: int
    text: str
    retry_after: float | None


@dataclass(frozen=True)
class _Target:
    is_encrypted: bool
    host: str
    port: int
    host_header: str
    path: str


def post_json(url: str, payload: Any, *, seconds: float = TIME_LIMIT) -> Answer:
    """The answer to a POST of `payload` as JSON, whatever its status. Raises OutgoingRefused, OutgoingFailed."""
    target = _read_address(url)
    places = _resolve(target)
    deadline = time.monotonic() + seconds
    try:
        with _connected(places, deadline) as connection:
            return _exchange(connection, target, json.dumps(payload).encode(), deadline)
    except TimeoutError:
        raise _too_late(seconds) from None
    except ssl.SSLCertVerificationError as error:
        raise OutgoingFailed(
            _("The other side’s certificate does not hold (%(reason)s).") % {"reason": error.verify_message}
        ) from None
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() >= deadline:
            raise _too_late(seconds) from None
        reason = getattr(error, "strerror", None) or _("no answer in HTTP")
        raise OutgoingFailed(_("The connection failed (%(reason)s).") % {"reason": reason}) from None


def is_public(address: Address) -> bool:
    """True for an address on the public network; an IPv6 address that stands for an IPv4 address counts as that."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _ipv4_inside(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local or address.is_reserved:
            return False
    return address.is_global and not address.is_multicast


def _ipv4_inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    # The second of a Teredo pair is the client that packets end at.
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _read_address(url: str) -> _Target:
    # Blanks and control characters would end the request line; a host in other letters has an ASCII spelling.
    if not url.isascii() or any(ord(character) <= 32 or ord(character) == 127 for character in url):
        raise OutgoingRefused(_("The address has characters that do not belong into one. Check it."))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise OutgoingRefused(_("The address cannot be read. Check it.")) from None
    if parts.scheme not in ("http", "https"):
        raise OutgoingRefused(_("The address must begin with https:// or http://."))
    if parts.username is not None or parts.password is not None:
        raise OutgoingRefused(_("The address must have no user name or password in it."))
    if not host or port == 0:
        raise OutgoingRefused(_("The address names no host. Check it."))
    is_encrypted = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(is_encrypted, host, port or (443 if is_encrypted else 80), parts.netloc, path)


def _resolve(target: _Target) -> list[Place]:
    """Where the host is. Numbers in any spelling (octal, decimal, hexadecimal) are read as the resolver reads them."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OutgoingRefused(_("The address names no host. Check it.")) from None
    except OSError as error:
        raise OutgoingFailed(
            _("The host’s name cannot be resolved (%(reason)s).") % {"reason": error.strerror or ""}
        ) from None
    places: list[Place] = [(family, place) for family, _type, _protocol, _name, place in found]
    if not settings.OUTGOING_PRIVATE and not all(is_public(_address_of(place)) for _family, place in places):
        raise OutgoingRefused(
            _(
                "The address leads into a private network or to this machine, where no requests are sent. "
                "If that is meant, set DEBRIEF_OUTGOING_PRIVATE=yes."
            )
        )
    return places


def _address_of(place: Any) -> Address:
    # A link-local address carries its interface behind a percent sign.
    return ipaddress.ip_address(str(place[0]).partition("%")[0])


@contextmanager
def _connected(places: list[Place], deadline: float) -> Iterator[socket.socket]:
    """A connection to the first of the places that takes one."""
    problem: OSError = OSError()
    for family, place in places:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(_time_left(deadline))
            connection.connect(place)
        except OSError as error:
            connection.close()
            problem = error
            continue
        with connection:
            yield connection
        return
    raise problem


def _exchange(connection: socket.socket, target: _Target, body: bytes, deadline: float) -> Answer:
    if target.is_encrypted:
        context = ssl.create_default_context()
        connection = context.wrap_socket(connection, server_hostname=target.host, do_handshake_on_connect=False)
    # A socket's own limit begins anew with each byte that arrives; this one does not.
    timer = threading.Timer(_time_left(deadline), partial(_hang_up, connection))
    timer.start()
    try:
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        talk = http.client.HTTPConnection(target.host, target.port)
        talk.auto_open = 0
        talk.sock = connection
        headers = {"Host": target.host_header, "Content-Type": "application/json", "User-Agent": "Debrief"}
        talk.request("POST", target.path, body, headers | {"Connection": "close"})
        response = talk.getresponse()
        text = response.read(LARGEST_ANSWER_BYTES).decode(errors="replace")
        # Hung up by the timer, a body without a length looks complete.
        _time_left(deadline)
        return Answer(response.status, text, _seconds_of(response.getheader("Retry-After")))
    finally:
        timer.cancel()
        connection.close()


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        # The method of the plain socket: the one of TLS would wait for the other side.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _time_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_late(seconds: float) -> OutgoingFailed:
    return OutgoingFailed(_("No whole answer came within %(seconds)g seconds.") % {"seconds": seconds})


def _seconds_of(retry_after: str | None) -> float | None:
    """Seconds from now; the header is a number of them or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after[:12])
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
